"""The OpenAPI schema: operations named by address and method, none met twice; made and written once a process."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiYamlRenderer

_VERBS = {"GET": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}


class NamedByAddress(AutoSchema):
    """`GET /api/v1/studies/{study}/result` is `studies_by_study_result_get`."""

    def get_operation_id(self) -> str:
        """Unique, and stable as long as the address is."""
        below = re.sub(r"^/api/v1/", "", self.path)
        words = re.sub(r"\{(\w+)\}", r"by_\1", below)
        return f"{re.sub(r'[^a-z0-9]+', '_', words.lower()).strip('_')}_{_VERBS[self.method]}"


class MadeOnce(SchemaGenerator):
    """Takes half a second, is the same for everybody, and even who has not signed in may ask for it."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        """The schema of every address, whoever asks."""
        return _whole_schema()


@cache
def _whole_schema() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


class WrittenOnce(OpenApiYamlRenderer):
    """The schema as YAML, which takes another quarter of a second."""

    def render(self, data: Any, *how: Any, **more: Any) -> bytes:
        """The text of the schema; anything else, such as a refusal, is written anew."""
        return _as_yaml() if data is _whole_schema() else bytes(super().render(data, *how, **more))  # type: ignore[no-untyped-call]


@cache
def _as_yaml() -> bytes:
    return bytes(OpenApiYamlRenderer().render(_whole_schema()))  # type: ignore[no-untyped-call]
