package dev.clerkmcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.tools.OrganizationInvitationTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Makes up arguments for a tool from its input schema. */
public final class ExampleArguments {
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==";

  /** The folder of the images. */
  static final Path UPLOADS = Path.of("target").toAbsolutePath();

  private ExampleArguments() {}

  /** A value for every argument. */
  public static ObjectNode all(JsonNode schema) {
    ObjectNode example = Json.object();
    JsonNode properties = schema.path("properties");
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      String whole = property.getKey().replaceFirst("^(add|remove|set)_", "");
      if (whole.equals(property.getKey()) || !properties.has(whole)) {
        example.set(property.getKey(), value(property.getKey(), property.getValue()));
      } // else it changes a part of what the same call gives whole
    }
    example.remove("clear"); // of arguments that the same call gives
    return example;
  }

  /** A value for every argument that the tool takes in one call. */
  public static ObjectNode all(String tool, JsonNode schema) {
    ObjectNode example = all(schema);
    switch (tool) {
      case "clerk_users_list" -> example.remove("organization_id"); // excludes organization
      case "clerk_metadata_set" -> {
        example.remove("organization_id"); // excludes user_id
        example.remove("remove"); // of fields that the same call sets
      }
      case "clerk_security_report" -> example.remove("export"); // needs a folder
      default -> {}
    }
    return example;
  }

  /** A value for every argument that must be given. */
  public static ObjectNode required(JsonNode schema) {
    ObjectNode example = Json.object();
    for (JsonNode name : schema.path("required")) {
      example.set(name.asText(), value(name.asText(), schema.at("/properties/" + name.asText())));
    }
    JsonNode organization = schema.at("/properties/organization_id");
    if (organization
        .path("description")
        .asText()
        .equals(OrganizationInvitationTools.ORGANIZATION)) {
      // It is in the path; only the whole chain finds it, by an invitation that there is.
      example.set("organization_id", value("organization_id", organization));
    }
    return example;
  }

  private static JsonNode value(String name, JsonNode schema) {
    ObjectNode holder = Json.object();
    switch (schema.path("type").asText()) {
      case "string" -> holder.put("v", text(name, schema));
      case "integer" -> holder.put("v", schema.path("minimum").asLong(1));
      case "boolean" -> holder.put("v", true);
      case "array" -> holder.putArray("v").add(value(name, schema.path("items")));
      case "object" ->
          holder.set(
              "v", schema.has("properties") ? all(schema) : Json.object().put("key", "value"));
      default -> throw new IllegalStateException("No example for " + schema);
    }
    return holder.get("v");
  }

  private static String text(String name, JsonNode schema) {
    if (schema.has("enum")) {
      return schema.at("/enum/0").asText();
    }
    return switch (name) {
      case "file" -> image().toString();
      case "email_address", "emails" -> "ada@example.com";
      case "admin" -> "user_" + "0".repeat(27);
      case "admin_portal_link_token_id" -> "aplt_" + "0".repeat(32);
      case "remove" -> "public_metadata.key";
      case "blocked_country_codes" -> "DE";
      case "preferred_sign_in_strategy_when_password_required" -> "otp";
      case "api_key_id" -> "ak_" + "0".repeat(32);
      case "m2m_token_id" -> "mt_" + "0".repeat(32);
      case "subject" -> "mch_" + "0".repeat(27);
      case "organization", "organization_id", "active_organization_id" -> "org_1";
      case "inviter_user_id", "requesting_user_id", "uploader_user_id", "sub" -> "user_id_1";
      case "created_by" -> "user_" + "0".repeat(27);
      case "created_at", "legal_accepted_at", "extend_to" -> "2026-01-02T03:04:05Z";
      case "created_at_after", "last_active_at_after", "last_sign_in_at_after", "from" ->
          "2026-01-02";
      case "created_at_before", "last_active_at_before", "last_sign_in_at_before", "to" ->
          "2026-01-03T00:00:00+01:00";
      case "redirect_url", "proxy_url", "redirect_uris" -> "https://example.com/path";
      case "oauth_application_id" -> "oa_1";
      case "enterprise_connection_id" -> "ent_1";
      case "directory_id", "scim_directory_id" -> "dir_1";
      case "machine_id", "to_machine_id", "other_machine_id", "scoped_machines" -> "mch_1";
      case "organization_role_id" -> "role_1";
      case "permission_id", "permissions" -> "perm_1";
      case "plan_id" -> "cplan_1";
      case "role_set_key", "dest_role_set_key", "role_set_key_or_id" -> "role_set:1";
      case "domain_id",
          "id",
          "identifier_id",
          "invitation_id",
          "saml_connection_id",
          "template_id",
          "waitlist_entry_id" ->
          schema.path("description").asText().replaceFirst("_\\.\\.\\..*", "_1");
      default -> name + "_1";
    };
  }

  /** A file with an image of one pixel. */
  public static Path image() {
    try {
      Path file = UPLOADS.resolve("pixel.png");
      Files.write(file, Base64.getDecoder().decode(PIXEL));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
