"""/v1/survey: links for clients, answers on paper, and the figures."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request

from api.accounts.principal import Who, needs
from api.accounts.roles import Permission
from api.deliveries.endpoints import Code
from api.survey import service
from api.survey.schemas import Invitation, NewInvitation, PaperAnswers, SurveyFigures
from api.transactions import Reading, Writing
from diagnostics.tickets.calendar import dutch_day

router = APIRouter(prefix="/survey", tags=["Survey"], dependencies=[needs(Permission.READ_SURVEY)])
_WORK = [needs(Permission.WORK_SURVEY)]
_FIGURES_OF: Final = timedelta(days=5 * 366)


@router.get("", operation_id="getSurvey")
async def get_figures(
    request: Request, connection: Reading, municipality: Code = None
) -> SurveyFigures:
    """Return how satisfied clients are, by month and municipality."""
    since = dutch_day(request.state.now() - _FIGURES_OF)
    return await service.figures(connection, municipality, since=since)


@router.post("/invitations", operation_id="inviteToSurvey", status_code=201, dependencies=_WORK)
async def invite(
    request: Request, who: Who, connection: Writing, body: NewInvitation
) -> Invitation:
    """Make a personal link for a client: it is told this once, and answered once."""
    return await service.invite(connection, body, actor=who.login, now=request.state.now())


@router.post("/answers", operation_id="enterAnswer", status_code=201, dependencies=_WORK)
async def enter(
    request: Request, who: Who, connection: Writing, body: PaperAnswers
) -> SurveyFigures:
    """Enter an answer from paper; returns the figures of its month and later."""
    return await service.enter(connection, body, actor=who.login, now=request.state.now())
