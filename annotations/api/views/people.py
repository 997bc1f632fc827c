"""Home and accounts."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.present.home import home_json
from annotations.api.present.people import account_json, person_choice_json
from annotations.api.present.studies import event_json
from annotations.api.requests import checked, one, person_of, require
from annotations.api.serializers.people import (
    AccountChangeSerializer,
    AccountPageSerializer,
    AccountSerializer,
    HomeSerializer,
    NewAccountSerializer,
    OneTimePasswordSerializer,
    PersonChoiceSerializer,
)
from annotations.api.serializers.strict import NothingSerializer
from annotations.api.serializers.studies import EventSerializer
from annotations.models import Person
from annotations.permissions.assignments import can_assign
from annotations.permissions.people import can_manage_people, people_visible_to
from annotations.permissions.studies import site_events_visible_to
from annotations.services import people
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


class ResetPasswordView(APIView):
    @extend_schema(request=NothingSerializer, responses=OneTimePasswordSerializer)
    def post(self, request: Request, person: UUID) -> Response:
        """A one-time password; it is shown here and never again."""
        by = person_of(request)
        require(can_manage_people(by), "Only administrators manage accounts.")
        checked(NothingSerializer, request.data)
        account: Person = one(people_visible_to(by), pk=person)
        response = Response({"password": people.reset_password(by=by, person=account)})
        response["Cache-Control"] = "no-store"
        return response


class PersonEventsView(APIView):
    @extend_schema(responses=EventSerializer(many=True))
    def get(self, request: Request, person: UUID) -> Response:
        """What was done to this account, newest first."""
        by = person_of(request)
        require(can_manage_people(by), "Only administrators manage accounts.")
        account: Person = one(people_visible_to(by), pk=person)
        events = site_events_visible_to(by).filter(noun="person", object_id=str(account.pk))
        return Response([event_json(event) for event in events.select_related("who").order_by("-number")])


class PeopleChoicesView(APIView):
    @extend_schema(responses=PersonChoiceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Whom work can be given to: names and roles of those who may enter."""
        require(can_assign(person_of(request)), "Only who gives work to others needs to know them.")
        active = Person.objects.filter(is_active=True).prefetch_related("roles").order_by("display_name", "username")
        return Response([person_choice_json(person) for person in active])
