"""Pages outside the API: the front end, and answers to requests that no route takes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

NOT_BUILT = (
    "The front end is not built: run `make run`, or `npm ci && npm run build` in frontend/.\n"
    "前端尚未构建：请运行 `make run`，或在 frontend/ 中运行 `npm ci && npm run build`。\n"
)


@require_safe
@ensure_csrf_cookie
def front_end(request: HttpRequest, path: str = "") -> HttpResponse:
    """index.html for each address of the front end, which finds its page by itself."""
    index = settings.FRONTEND_DIR / "index.html"
    try:
        content = index.read_bytes()
    except FileNotFoundError:
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def error_response(*, status: int, code: str, message: str) -> JsonResponse:
    """The API's error shape outside the API framework."""
    return JsonResponse({"error": {"code": code, "message": message, "details": {}}}, status=status)


def api_not_found(request: HttpRequest, path: str = "") -> JsonResponse:
    """An address under /api/ that no route takes."""
    return error_response(status=404, code="not_found", message="There is no such address in this API.")


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    """A form without the token of this site."""
    return error_response(
        status=403, code="csrf_failed", message="The page has expired. Load it again and repeat the action."
    )


def server_error(request: HttpRequest) -> JsonResponse:
    """Something broke; the log has it."""
    return error_response(status=500, code="server_error", message="The server failed. The log names the cause.")


def locked_out(request: HttpRequest, credentials: object = None, *args: object, **kwargs: object) -> JsonResponse:
    """Too many failed sign-ins with this name from this address."""
    minutes = settings.AXES_COOLOFF_TIME.total_seconds() // 60
    message = f"Too many failed sign-ins. Wait {minutes:.0f} minutes, or ask an administrator for a new password."
    response = error_response(status=429, code="locked_out", message=message)
    response["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME.total_seconds()))
    return response
