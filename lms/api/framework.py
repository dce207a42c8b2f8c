"""The framework in force, as 1EdTech CASE 1.1 describes one."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask_smorest import Blueprint
from marshmallow import INCLUDE, Schema, fields

from courses.frameworkcase import case_package
from lms.api.document import problems, refuse
from lms.competency.editions import changed_at, in_force
from lms.web.clock import today
from lms.web.guard import access

blueprint = Blueprint("api-framework", __name__, url_prefix="/api/v1", description="The competency framework")


class PackageSchema(Schema):
    """A CFPackage. Identifiers last over editions; `extensions` hold the code, critical, and targets by role."""

    class Meta:
        """CASE knows more parts than these."""

        unknown = INCLUDE

    CFDocument = fields.Dict(
        required=True,
        metadata={"description": "title, version (the edition), lastChangeDateTime, extensions.code"},
    )
    CFItems = fields.List(
        fields.Dict(),
        required=True,
        metadata={
            "description": "CFItemType Responsibility, Domain or Competency; humanCodingScheme is the code; of a "
            "competency extensions.critical and extensions.targets, levels 0 to 5 by profession and role"
        },
    )
    CFAssociations = fields.List(
        fields.Dict(),
        required=True,
        metadata={"description": "isChildOf: a competency of its domain; isRelatedTo: a domain to a responsibility"},
    )
    CFDefinitions = fields.Dict(required=True, metadata={"description": "the types of items"})
    CFRubrics = fields.List(fields.Dict(), required=True, metadata={"description": "one, the five levels"})


@blueprint.get("/framework")
@access()
@blueprint.alt_response(200, schema=PackageSchema)
@problems(blueprint, 401, 403, 404)
def framework() -> Response:
    """The framework in force as a CASE 1.1 package; what the hospital decided besides is not of it."""
    held, moment = in_force(today()), changed_at()
    if held is None or moment is None:
        raise refuse(404, "No framework", "No framework is in force.")
    return jsonify(case_package(held, moment, current_app.config["SETTINGS"].hospital))
