"""JSON schemas of models and records, without what only Python means by them.

Goes in: a pydantic model or type. Comes out: a JSON schema. Must not know: what the model describes.

Two things are left out. A default: generators of clients (openapi-typescript) make a field with a default required,
though a caller may leave it out. A title made from a field's name: it says nothing and names types in generated code.
"""

from __future__ import annotations

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class PlainSchema(GenerateJsonSchema):
    """The generator to hand to pydantic as `schema_generator`."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Describe a field by its type alone; a field with a default is still not required."""
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic's signature
        """Give no field a title."""
        return False
