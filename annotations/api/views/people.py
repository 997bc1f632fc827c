"""Home, accounts, cohorts, protocol."""

from uuid import UUID

from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.home import home_json
from annotations.api.present.people import account_json, cohort_json, protocol_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.people import (
    AccountChangeSerializer,
    AccountPageSerializer,
    AccountSerializer,
    CohortPageSerializer,
    CohortSerializer,
    HomeSerializer,
    NewAccountSerializer,
    NewCohortSerializer,
    ProtocolChangeSerializer,
    ProtocolSerializer,
)
from annotations.models import Cohort, Person
from annotations.permissions.people import can_make_cohorts, can_manage_people, can_manage_protocol, people_visible_to
from annotations.services import cohorts, people, protocols
from annotations.states import Language, RoleName


class HomeView(APIView):
    @extend_schema(responses=HomeSerializer)
    def get(self, request: Request) -> Response:
        """What is left for me."""
        return Response(home_json(person_of(request)))


class PeopleView(APIView):
    @extend_schema(responses=AccountPageSerializer)
    def get(self, request: Request) -> Response:
        """All accounts."""
        person = person_of(request)
        require(can_manage_people(person), "Only administrators manage accounts.")
        accounts = [account_json(account) for account in people_visible_to(person)]
        return Response({"results": accounts, "next": None, "total": len(accounts)})

    @extend_schema(request=NewAccountSerializer, responses={201: AccountSerializer})
    def post(self, request: Request) -> Response:
        """A new account."""
        person = person_of(request)
        require(can_manage_people(person), "Only administrators manage accounts.")
        data = checked(NewAccountSerializer, request.data).validated_data
        account = people.add_person(
            by=person,
            username=data["username"],
            display_name=data["display_name"],
            password=data["password"],
            roles=[RoleName(name) for name in data["roles"]],
            language=Language(data["language"]),
        )
        return Response(account_json(account), status=201)


class PersonView(APIView):
    @extend_schema(request=AccountChangeSerializer, responses=AccountSerializer)
    def patch(self, request: Request, person: UUID) -> Response:
        """Change an account: what is given and nothing else."""
        by = person_of(request)
        require(can_manage_people(by), "Only administrators manage accounts.")
        data = checked(AccountChangeSerializer, request.data).validated_data
        if "roles" in data:
            data["roles"] = [RoleName(name) for name in data["roles"]]
        account: Person = one(people_visible_to(by), pk=person)
        return Response(account_json(people.change_person(by=by, person=account, **data)))


class CohortsView(APIView):
    @extend_schema(responses=CohortPageSerializer)
    def get(self, request: Request) -> Response:
        """All cohorts with the number of their studies."""
        person_of(request)
        rows = Cohort.objects.annotate(study_count=Count("studies")).order_by("name")
        results = [cohort_json(row, row.study_count) for row in rows]
        return Response({"results": results, "next": None, "total": len(results)})

    @extend_schema(request=NewCohortSerializer, responses={201: CohortSerializer})
    def post(self, request: Request) -> Response:
        """A new cohort."""
        person = person_of(request)
        require(can_make_cohorts(person), "Only researchers and administrators make cohorts.")
        name = checked(NewCohortSerializer, request.data).validated_data["name"]
        return Response(cohort_json(cohorts.add_cohort(person=person, name=name), 0), status=201)


class ProtocolView(APIView):
    @extend_schema(responses=ProtocolSerializer)
    def get(self, request: Request) -> Response:
        """How radiographs are read at present."""
        person_of(request)
        return Response(protocol_json(protocols.present_protocol()))

    @extend_schema(request=ProtocolChangeSerializer, responses=ProtocolSerializer)
    def patch(self, request: Request) -> Response:
        """A new version of the protocol."""
        person = person_of(request)
        require(can_manage_protocol(person), "Only an administrator changes the protocol.")
        changes = dict(checked(ProtocolChangeSerializer, request.data).validated_data)
        return Response(protocol_json(protocols.change_protocol(person=person, changes=changes)))
