"""Every kind of page the site has, by its path under the home of either language."""

FILM = "interviews/phare-men-tensel/"
KINDS = {
    "home": "",
    "by-date": "interviews/",
    "topics": "topics/",
    "topic": "topics/mer/",
    "speakers": "speakers/",
    "speaker": "speakers/claire-duval/",
    "film": FILM,
    "passage": f"{FILM}#t=6,20",
    "words-alone": "interviews/pierre-seche/",
    "editorial": "help/",
    "search": "search/",
    "basket": "basket/",
    "design": "design/",
    "newsletter": "newsletter/",
    "nowhere": "nowhere/",
    "member": "account/",
    "sign-up": "account/sign-up/",
    "sign-in-error": "account/sign-in/#bad_credentials",
    "code": "account/verify/",
    "created": "account/created/",
    "reset": "account/reset/",
    "reset-code": "account/reset/verify/",
    "new-password": "account/reset/password/",
    "reset-done": "account/reset/done/",
}
