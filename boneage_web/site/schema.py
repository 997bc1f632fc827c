"""Names of operations in the OpenAPI schema: from the address and the method, so that none is met twice."""

import re

from drf_spectacular.openapi import AutoSchema

_VERBS = {"GET": "get", "POST": "post", "PUT": "put", "PATCH": "patch", "DELETE": "delete"}


class NamedByAddress(AutoSchema):
    """`GET /api/v1/studies/{study}/result` is `studies_by_study_result_get`."""

    def get_operation_id(self) -> str:
        """Unique, and stable as long as the address is."""
        below = re.sub(r"^/api/v1/", "", self.path)
        words = re.sub(r"\{(\w+)\}", r"by_\1", below)
        return f"{re.sub(r'[^a-z0-9]+', '_', words.lower()).strip('_')}_{_VERBS[self.method]}"
