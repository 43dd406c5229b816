"""E-mail addresses: as typed for letters, in canonical form for looking up."""

from email_validator import EmailNotValidError, validate_email

from .errors import BadEmail


def address_key(typed: str) -> str:
    """The canonical form of an address: domain in A-labels, all in lower case. BadEmail when it is none.

    Letters outside ASCII before the @ are refused: few relays carry them, and look-alikes would fold together.
    Dots and plus signs are kept: what they mean is the mail provider's affair.
    """
    try:
        found = validate_email(typed, strict=True, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError as error:
        raise BadEmail from error
    return f"{found.local_part}@{found.ascii_domain}".lower()
