"""Sessions in the database, asked for with a prepared question: each request begins with one."""

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from annotations.base.prepared import prepared


class SessionStore(DatabaseSessionStore):
    """Django's, which differs in nothing but how a session is looked up."""

    def _get_session_from_db(self) -> Session | None:
        found = _living(self.session_key, timezone.now()) if self.session_key else []
        if not found:
            self._session_key = None
            return None
        return found[0]


@prepared
def _living(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)
