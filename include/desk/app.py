"""The desk's pages. Every page is made here whole, works without a script and asks no other host for anything."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.middleware.sessions import SessionMiddleware

from include.alerts.answers import actions, answer_columns
from include.alerts.open_alerts import PROGRAMMES, SEVERITIES
from include.cases.case import StaleCaseError, Wanted, take
from include.cases.states import AUDITOR, LEAD, STATE_ZH, STEPS, ForbiddenStepError, possible
from include.desk.accounts import ROLE_ZH, Account, SignIn, find_account
from include.desk.audit import KINDS, AuditFilter, audit_of
from include.desk.board import Board, Case
from include.desk.overview import overview
from include.desk.photos import PhotoError, keep_photo, photo_of
from include.desk.reading import (
    cases_of_household,
    household_of,
    members_of,
    personal_of,
    recall_of,
    sharing_households,
    timeline_of,
)
from include.desk.single_sign_on import BACK_PATH, BEGIN_PATH, Provider
from include.desk.work import Filter, work_of
from include.journal.entries import Entry, first_broken, head, write
from include.journal.schema import engine
from include.pages import yuan
from include.periods import SHANGHAI, bureau_day
from include.settings import Settings

_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'"
_HOURS = 8
_LEAST_PURPOSE, _LONGEST_PURPOSE = 4, 200
_NOT_YOURS, _EXPIRED = "没有这条预警，或不在您的辖区", "页面已过期，请重新打开"


class SignedOutError(Exception):
    """Nobody is signed in."""


def make_desk(settings: Settings) -> FastAPI:
    """The desk over one home; it reads the publication and writes the journal."""
    app = FastAPI(title="兜底工作台", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.board, app.state.sign_in = Board(settings), SignIn(settings)
    app.state.pages, app.state.provider = _environment(), Provider.of(settings)
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_hex(32),
        # Coming back from a provider is coming from another site.
        same_site="lax" if app.state.provider else "strict",
        max_age=_HOURS * 3600,
        session_cookie="desk",
    )
    app.middleware("http")(_headers)
    app.add_exception_handler(SignedOutError, lambda _request, _error: RedirectResponse("/sign-in", 303))
    for path, page in (("/sign-in", sign_in_page), ("/", work_page), ("/alert/{alert_no}", alert_page),
                       ("/household/{household_key}", household_page), ("/overview", overview_page),
                       ("/rules", rules_page), ("/audit", audit_page), ("/photo/{digest}", photo)):  # fmt: skip
        app.get(path, response_class=Response)(page)
    for path, act in (("/sign-in", sign_in), ("/sign-out", sign_out), ("/alert/{alert_no}/step", step),
                      ("/alert/{alert_no}/reveal", reveal)):  # fmt: skip
        app.post(path, response_class=Response)(act)
    if app.state.provider:
        app.get(BEGIN_PATH, response_class=Response)(provider_begin)
        app.get(BACK_PATH, response_class=Response)(provider_back)
    return app


def account_of(request: Request) -> Account:
    """Who is signed in; raises SignedOutError for nobody."""
    account = find_account(request.app.state.board.settings, request.session.get("account", ""))
    if account is None:
        raise SignedOutError
    return account


Signed = Annotated[Account, Depends(account_of)]


def sign_in_page(request: Request) -> HTMLResponse:
    """The form to sign in with."""
    return _sign_in_page(request)


def sign_in(request: Request, name: Annotated[str, Form()], password: Annotated[str, Form()]) -> Response:
    """Sign in; a wrong password is noted without it."""
    return _let_in(request, request.app.state.sign_in.check(name, password), "password")


async def provider_begin(request: Request) -> Response:
    """Go to the bureau's own sign-in; where it does not answer, back to the form."""
    answer: Response | None = await request.app.state.provider.begin(request)
    return answer or _sign_in_page(request, failed="provider", status=503)


async def provider_back(request: Request) -> Response:
    """Come back from it: whoever it vouches for comes in as the account of that name."""
    name = await request.app.state.provider.name_of(request)
    account = await run_in_threadpool(find_account, request.app.state.board.settings, name) if name else None
    return await run_in_threadpool(_let_in, request, account, "provider")


def _let_in(request: Request, account: Account | None, by: str) -> Response:
    board: Board = request.app.state.board
    event = "signed_in" if account else "sign_in_refused"
    name, role = (account.name, account.role) if account else ("?", "?")
    write(board.settings, Entry(_new_id(event), "sign_in", event, name, role, detail={"by": by}))
    if account is None:
        return _page(
            request,
            "sign_in.html.j2",
            None,
            failed=by,
            provider=BEGIN_PATH if request.app.state.provider else "",
            status=403,
        )
    request.session.clear()
    request.session.update(account=account.name, token=secrets.token_hex(16))
    return RedirectResponse("/", 303)


def sign_out(request: Request, token: Annotated[str, Form()]) -> Response:
    """Sign out."""
    _check_token(request, token)
    request.session.clear()
    return RedirectResponse("/sign-in", 303)


def work_page(request: Request, account: Signed) -> HTMLResponse:
    """Today's work: what is with this account, the overdue and the gravest first, a household together."""
    board: Board = request.app.state.board
    asked = Filter.of(dict(request.query_params))
    return _page(
        request, "work.html.j2", account, work=work_of(board.cases(account), account, asked, bureau_day()), asked=asked,
        severities=SEVERITIES, states=STATE_ZH, programmes=PROGRAMMES, today=bureau_day(),
    )  # fmt: skip


def alert_page(request: Request, account: Signed, alert_no: str) -> HTMLResponse:
    """One alert: evidence, rule, picture of the person's months, history, and what can be done."""
    return _alert_page(request, account, _case(request, account, alert_no))


def household_page(request: Request, account: Signed, household_key: str) -> HTMLResponse:
    """Everything known of one household that the account may see."""
    board: Board = request.app.state.board
    cases, linked = cases_of_household(board, board.cases(account), household_key)
    if not cases and not linked:
        raise HTTPException(404, "没有这户，或不在您的辖区")
    return _page(
        request, "household.html.j2", account, cases=sorted(cases, key=lambda case: case.alert.rank),
        linked=sorted(linked, key=lambda case: case.alert.rank),
        household=household_of(board, household_key, account),
        members=members_of(board, household_key, account), today=bureau_day(), programmes=PROGRAMMES,
        timeline=timeline_of(board, account, "household_key", household_key, cases),
    )  # fmt: skip


def overview_page(request: Request, account: Signed) -> HTMLResponse:
    """What is open, overdue, true and at risk, by town and by rule."""
    board: Board = request.app.state.board
    return _page(
        request, "overview.html.j2", account, figures=overview(board.cases(account), bureau_day()), as_of=board.as_of,
        recall=[] if account.is_in_the_field else recall_of(board),
    )  # fmt: skip


def rules_page(request: Request, account: Signed) -> HTMLResponse:
    """The rules in plain words."""
    board: Board = request.app.state.board
    rules = board.ask(
        "select rule_id, title_zh, severity, explanation_zh, clears_zh, legal_basis, sla_first_days, sla_final_days "
        "from monitoring.dim_rule order by rule_id"
    )
    return _page(request, "rules.html.j2", account, rules=rules, severities=SEVERITIES)


def audit_page(request: Request, account: Signed) -> HTMLResponse:
    """The journal, newest first and narrowed by a filter, and whether its chain is whole; for auditors and the lead."""
    if account.role not in (AUDITOR, LEAD):
        raise HTTPException(403, "您的岗位不能查看审计记录")
    asked = AuditFilter.of(dict(request.query_params))
    with engine(request.app.state.board.settings).connect() as connection:
        return _page(
            request, "audit.html.j2", account, audit=audit_of(connection, asked), asked=asked, head=head(connection),
            broken=first_broken(connection), steps=STEPS, kinds=KINDS, roles=ROLE_ZH,
        )  # fmt: skip


def photo(request: Request, account: Signed, digest: str, alert_no: str) -> Response:
    """A photo that was taken for an alert the account may see."""
    case = _case(request, account, alert_no)
    if not any(digest in step.entry.detail.get("photos", []) for step in case.steps):
        raise HTTPException(404, "没有这张照片")
    content, kind = photo_of(request.app.state.board.settings, digest)
    return Response(content, media_type=kind)


async def step(request: Request, account: Signed, alert_no: str) -> Response:
    """Take a step; what another did meanwhile is shown instead of being written over."""
    form = await request.form()
    _check_token(request, str(form.get("token", "")))
    case = _case(request, account, alert_no)
    board: Board = request.app.state.board
    detail = {
        name: value.strip() for name, value in form.items()
        if isinstance(value, str) and value.strip() and name not in ("token", "event", "entry_id", "seen")
    }  # fmt: skip
    try:
        photos = [
            keep_photo(board.settings, await upload.read())
            for upload in form.getlist("photo")
            if isinstance(upload, UploadFile) and upload.size
        ]
        wanted = Wanted(
            alert_no, case.alert.found, str(form["event"]), account.name, account.role, str(form["entry_id"]),
            {**detail, **({"photos": photos} if photos else {})}, int(str(form["seen"])),
        )  # fmt: skip
        take(board.settings, wanted)
    except StaleCaseError as error:
        return _alert_page(request, account, _case(request, account, alert_no), error.chinese, status=409)
    except (ForbiddenStepError, PhotoError) as error:
        return _alert_page(request, account, case, error.chinese, status=422)
    return RedirectResponse(f"/alert/{alert_no}", 303)


def reveal(
    request: Request,
    account: Signed,
    alert_no: str,
    purpose: Annotated[str, Form()] = "",
    token: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Show what identifies the person, once, for a purpose; that it was shown or refused is written down first."""
    board: Board = request.app.state.board
    case = board.case(account, alert_no)
    refusal = _why_not_shown(request, account, case, purpose, token)
    event, detail = ("reveal_refused", {"reason": refusal[1]}) if refusal else ("reveal", {"purpose": purpose.strip()})
    known = alert_no if board.has(alert_no) else None
    write(board.settings, Entry(_new_id(event), "reveal", event, account.name, account.role, known, detail=detail))
    if refusal is None and case is not None:
        return _alert_page(request, account, case, personal=personal_of(board, case.alert))
    status, why = refusal or (404, "")
    if status == 422 and case is not None:
        return _alert_page(request, account, case, why, status=status)
    raise HTTPException(status, why)


def _why_not_shown(
    request: Request, account: Account, case: Case | None, purpose: str, token: str
) -> tuple[int, str] | None:
    """The status and the words with which somebody's identity is refused; nothing where it is shown."""
    if not _is_own(request, token):
        return 403, _EXPIRED
    if case is None:
        return 404, _NOT_YOURS
    if not account.sees_names:
        return 403, "您的岗位不能查看身份信息"
    if not _LEAST_PURPOSE <= len(purpose.strip()) <= _LONGEST_PURPOSE:
        return 422, f"请写明查看的用途（{_LEAST_PURPOSE} 至 {_LONGEST_PURPOSE} 个字）"
    return None


def _alert_page(
    request: Request, account: Account, case: Case, error: str = "", personal: dict[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    board: Board = request.app.state.board
    key = "person_key" if case.alert.person_key else "household_key"
    return _page(
        request, "alert.html.j2", account, status=status, case=case, error=error, personal=personal,
        evidence=case.alert.evidence_for(account),
        earlier=board.case(account, case.alert.repeats) if case.alert.repeats else None,
        sharing=sorted(sharing_households(board, case.alert.household_key)),
        timeline=timeline_of(board, account, key, getattr(case.alert, key), board.cases(account)),
        possible=possible(case.state, account.role), steps=STEPS, states=STATE_ZH, roles=ROLE_ZH,
        findings=next(column.choices for column in answer_columns() if column.name == "finding"),
        actions=actions(case.alert.direction), entry_id=_new_id("step"), today=bureau_day(),
        latest=bureau_day() + timedelta(days=60),
    )  # fmt: skip


def _case(request: Request, account: Account, alert_no: str) -> Case:
    case: Case | None = request.app.state.board.case(account, alert_no)
    if case is None:
        raise HTTPException(404, _NOT_YOURS)
    return case


def _check_token(request: Request, token: str) -> None:
    if not _is_own(request, token):
        raise HTTPException(403, _EXPIRED)


def _is_own(request: Request, token: str) -> bool:
    """Whether a form came from a page of this session."""
    return secrets.compare_digest(token.encode(), request.session.get("token", "").encode())


def _page(request: Request, name: str, account: Account | None, status: int = 200, **values: Any) -> HTMLResponse:
    common = {
        "account": account,
        "role_zh": ROLE_ZH,
        "token": request.session.get("token", ""),
        "path": request.url.path,
    }
    return HTMLResponse(request.app.state.pages.get_template(name).render(**common, **values), status)


def _sign_in_page(request: Request, failed: str = "", status: int = 200) -> HTMLResponse:
    """The form; ``failed`` is how signing in was tried, where it was."""
    provider = BEGIN_PATH if request.app.state.provider else ""
    return _page(request, "sign_in.html.j2", None, failed=failed, provider=provider, status=status)


async def _headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call(request)
    response.headers.update({
        "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    })  # fmt: skip
    return response


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters.update(yuan=yuan, moment=_moment)
    return pages


def _moment(text: str) -> str:
    """A moment of the journal as the bureau's clock shows it."""
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _new_id(what: str) -> str:
    return f"{what}|{secrets.token_hex(16)}"
