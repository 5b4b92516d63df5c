"""Login walls: an account is needed to see the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from citekeeper.health.addresses import carries
from citekeeper.health.marks import holding, load
from citekeeper.health.page import Page
from citekeeper.health.signals.base import Signal
from citekeeper.health.view import View
from citekeeper.health.wording import load_phrases, names, says
from citekeeper.model import CodeMeaning, Evidence

# A whole part of a path: /login, /accounts/login/, /user-login.aspx, /wp-login.php; not the slug "how-to-log-in".
_LOGIN_PATH = re.compile(
    r"/(?:(?:wp|user|member|account|customer|subscriber)s?[-_]?)?(?:log-?[io]n|log_in|login-?page|sign-?in|sign_in|authwall|authenticate|auth|sso|"
    r"saml2?|cas|oauth2?|authorize|anmelden|anmeldung|connexion|identification|iniciar-sesion|accedi|entrar|inloggen|aanmelden|logowanie|zaloguj)"
    r"(?:\.[a-z]{2,5})?(?:/|$)"
)
_LOGIN_HOST = re.compile(r"^(?:login|signin|sso|auth|accounts?|idp|cas|id)\.")
_CONSENT = re.compile(r"(?:^|[/_.-])(?:cookie-?)?consent(?:$|[/_.?-])")
# A whole part of a path. Weak alone (an article may be about it): counts when the address carries the cited one to go on to.
_CONSENT_PART = re.compile(
    r"/(?:(?:cookies?|privacy|user)[-_]?)?(?:consents?|consentement|consentimiento|consenso|zustimmung|einwilligung|gdpr|dsgvo|rgpd|cookies?[-_]?(?:wall|gate|notice|banner))(?:\.[a-z]{2,5})?(?:/|$)"
)
_MAX_VISIBLE: Final = 3_000
_FORM_VISIBLE: Final = 1_000


def _look(view: View) -> Iterator[Evidence]:
    response = view.response
    if response is None:
        return
    if response.status == 401 and response.header("www-authenticate"):
        yield Evidence("login-required", (response.header("www-authenticate") or "")[:100])
    yield from _redirect(view)
    page = view.text_page
    if page is None or view.answer is None:
        return
    mark = next(holding(load("logins"), view.answer), None)
    if mark:
        yield Evidence("login-page", f"{mark.vendor} ({mark.id})")
    elif found := _wording(view, page):
        yield Evidence("login-page", found)


def _redirect(view: View) -> Iterator[Evidence]:
    """The visit ended at a login or consent address although another one was cited."""
    here, cited = urlsplit(view.last.url), urlsplit(view.visit.target)
    if len(view.visit.exchanges) < 2 or here.path == cited.path:
        return
    path, host = here.path.lower(), (here.hostname or "").lower()
    if (_LOGIN_PATH.search(path) and not _LOGIN_PATH.search(cited.path.lower())) or (
        _LOGIN_HOST.match(host) and not _LOGIN_HOST.match((cited.hostname or "").lower())
    ):
        yield Evidence("login-redirect", view.last.url[:300])
    elif _asks_for_consent(view, f"{host}{path}", f"{cited.hostname}{cited.path}".lower()):
        yield Evidence("consent-redirect", view.last.url[:300])


def _asks_for_consent(view: View, here: str, cited: str) -> bool:
    """Whether the last address is a consent page's by its name, or by its name and the address that it goes on to."""
    if _CONSENT.search(here) and not _CONSENT.search(cited):
        return True
    passed = (exchange.url for exchange in view.visit.exchanges[:-1])
    return _CONSENT_PART.search(here) is not None and any(carries(view.last.url, url) for url in passed)


def _wording(view: View, page: Page) -> str | None:
    """A headline that asks to log in, or a password field with hardly any text."""
    phrases = load_phrases("login_words")
    if page.visible > _MAX_VISIBLE:
        return None
    headline = names("\n".join(view.heads), phrases)
    if headline and page.parsed.passwords and page.parsed.main <= _MAX_VISIBLE // 2:
        return f"headline: {headline}"
    needed = says(view.plain_text, phrases) if page.parsed.passwords or not view.has_paragraphs else None
    if needed and page.parsed.main <= _MAX_VISIBLE // 2:
        return needed
    if page.parsed.passwords and page.visible <= _FORM_VISIBLE // 2:
        return "a password field and hardly any text"
    return None


_ADVICE = "Open the page with an account, or link an archived copy that has the content."

LOGINS = Signal(
    _look,
    (
        CodeMeaning("login-required", "The server asks for credentials (401 with WWW-Authenticate).", _ADVICE),
        CodeMeaning("login-redirect", "The address leads to a login page.", _ADVICE),
        CodeMeaning("login-page", "The page asks to log in and shows little else.", _ADVICE),
        CodeMeaning("consent-redirect", "The address leads to a page that asks for consent first.", "Open the page in a browser."),
    ),
)
