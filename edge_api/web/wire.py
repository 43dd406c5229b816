"""The wire: uvicorn's HTTP/1.1, in which what is no HTTP at all is refused under the same headers as anything else."""

from collections.abc import Mapping

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_SAID = b'{"code":"bad_request"}'


def wire(headers: Mapping[str, str]) -> type[H11Protocol]:
    """The protocol of a server that says these `headers` even when no app ever sees the request."""
    said = {**headers, "Content-Type": "application/json", "Content-Length": str(len(_SAID)), "Connection": "close"}

    class Wire(H11Protocol):
        """One connection."""

        def send_400_response(self, msg: str) -> None:
            """Refuses, and ends the connection; only ends it when an answer is under way."""
            if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                answer = h11.Response(status_code=400, headers=list(said.items()), reason="Bad Request")
                for event in (answer, h11.Data(data=_SAID), h11.EndOfMessage()):
                    self.transport.write(self.conn.send(event) or b"")
            self.transport.close()

    return Wire
