"""Broken and malicious pages, by name: what an editor's disk, a bad network or an enemy may put in `docs/`."""

FRONT = """---
title: T
date: 2026-03-14
summary: S.
spoken: fr
speakers: [{key: Q, role: interviewer}, {key: ANNE, name: Anne Morin}]
---

"""
WORDS = "## Transcription\n\nQ : Oui ?\n\nANNE : Non.\n"
PAGE = FRONT + WORDS
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 9)
)


def clock(ms):
    return f"[{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}]"


# Each with the line of its first problem and a word of what is said of it.
BROKEN = {
    "empty": (b"", 1, "no front matter"),
    "truncated-letter": (PAGE.encode() + "é".encode()[:1], 14, "not UTF-8"),
    "mixed-encodings": (PAGE.encode() + "é".encode("latin-1"), 14, "not UTF-8"),
    "utf-16": (PAGE.encode("utf-16"), 1, "not UTF-8"),
    "utf-16-without-mark": (PAGE.encode("utf-16-le"), 1, "no front matter"),
    "two-marks": (b"\xef\xbb\xbf" * 2 + PAGE.encode(), 1, "no front matter"),
    "nul": (PAGE.replace("Non", "N\0n"), 13, "U+0000"),
    "nul-in-context": (FRONT + "a\0b\n\n" + WORDS, 9, "U+0000"),
    "nul-escaped": (PAGE.replace("title: T", 'title: "a\\0b"'), 2, "U+0000"),
    "nul-in-front": (PAGE.replace("title: T", "title: T\0"), 2, "U+0000) stands in the text. Delete it"),
    "half-a-letter": (PAGE.replace("title: T", 'title: "\\ud800"'), 2, "U+D800"),
    "no-character": (PAGE.replace("Anne Morin", '"\\uFFFE"'), 6, "U+FFFE"),
    "truncated-front": (FRONT[:60], 1, "never ends"),
    "aliases-of-aliases": (f"---\n{BOMB}---\n{WORDS}", 2, "aliases"),
    "alias-of-itself": (f"---\ntitle: &a [*a]\n---\n{WORDS}", 2, "nest too deep"),
    "brackets-without-end": (f"---\ntitle: {'[' * 90_000}\n---\n{WORDS}", 2, "nest too deep"),
    "front-of-10-mb": (f"---\ntitle: {'x' * 10_000_000}\n---\n{WORDS}", 2, "too long"),
    "python-in-yaml": (
        PAGE.replace("title: T", "title: !!python/object/apply:os.system [id]"),
        2,
        "title is not right",
    ),
    "stamp-of-10-mb": (PAGE + "\n[" + "1:" * 5_000_000 + "] Q : x\n", 15, "is not a time"),
    "context-of-10-mb": (FRONT + "*a **b " * 1_400_000 + "\n\n" + WORDS, 8, "longer than"),
    "brackets-in-context": (FRONT + "[" * 20_000 + "\n\n" + WORDS, 9, "brackets"),
    "lists-without-bottom": (FRONT + "\n".join(" " * 4 * i + "- x" for i in range(90)) + "\n\n" + WORDS, 20, "nested"),
    "quotations-without-bottom": (FRONT + ">" * 900 + " x\n\n" + WORDS, 9, "nested"),
    "endless-topic": (PAGE.replace("spoken", f"topics: [{'x' * 5_000}]\nspoken"), 5, "too long for an address"),
    "endless-speaker": (PAGE.replace("Anne Morin", "x" * 5_000), 6, "too long for an address"),
    "ten-thousand-speakers": (
        PAGE.replace("speakers: [", "speakers: [" + "".join(f"{{key: K{i}, name: N}}, " for i in range(9_999))),
        2,
        "too long",
    ),
    "moment-before-time": (PAGE.replace("spoken", "embargo: 0001-01-01T00:00:00+23:59\nspoken"), 5, "out of reach"),
    "moment-after-time": (PAGE.replace("spoken", "embargo: 9999-12-31T23:59:59-23:59\nspoken"), 5, "out of reach"),
    "turns-at-one-moment": (FRONT + "## Transcription\n\n" + f"{clock(1000)} Q : a\n\n" * 9_000, 13, "two turns start"),
}

# Odd, but nothing that a reader must not see: each is published, and none of it may act.
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>"
QUOTED = EVIL.replace("'", "’")
ODD = {
    "one-mark": b"\xef\xbb\xbf" + PAGE.encode(),
    "scripts": PAGE.replace("title: T", f"title: '{QUOTED}'")
    .replace("S.", f"'\"><{QUOTED}'")
    .replace("Anne Morin", f"'{QUOTED}'")
    .replace("spoken", f"place: '{QUOTED}'\ntopics: ['{QUOTED}']\ncredit: '{QUOTED}'\nterms: '{QUOTED}'\nspoken")
    .replace(
        "## T",
        f"{EVIL}\n\n[a](javascript:alert(1)) ![b](data:text/html,x) <javascript:alert(1)> [c](vbscript:x)\n\n"
        "<a href='javascript:alert(1)' onclick=alert(1)>d</a>\n\n## T",
    )
    + f"\nANNE : {EVIL} </script> --> ]]> </textarea> </title> {{{{ 7 * 7 }}}} {{% include x %}} @@title@@\n",
    "line-of-10-mb": PAGE + "\nANNE : " + "mot " * 2_500_000 + "\n",
    "word-of-3-mb": PAGE + "\nANNE : " + "x" * 3_000_000 + "\n",
    "many-turns": FRONT + "## Transcription\n\n" + "".join(f"{clock(ms)} Q : Oui {ms} ?\n\n" for ms in range(20_000)),
    "topics-of-paths": PAGE.replace("spoken", "topics: ['../../x', '..', '/', '.', '%2e%2e', '日本']\nspoken"),
    "lines-in-a-title": PAGE.replace("title: T", 'title: "a\\nb\\r\\nc\\u2028d"'),
    "letters-turned-round": PAGE.replace("title: T", 'title: "\\u202e\\u2066abc"'),
    "first-day": PAGE.replace("2026-03-14", "0001-01-01"),
    "last-day": PAGE.replace("2026-03-14", "9999-12-31"),
}
