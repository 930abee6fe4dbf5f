package dev.clerkmcp.sandbox.handlers.organization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.SandboxCalls;
import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.ArrayList;
import java.util.List;

/** A sandbox for tests of organizations, with short ways to create users and members. */
final class OrganizationFixture {
  final SandboxCalls calls = SandboxCalls.empty();

  /** With the permissions, roles and role set of a new instance. */
  static OrganizationFixture withDefaults() {
    OrganizationFixture fixture = new OrganizationFixture();
    new OperationHandlers(SandboxCalls.CONTRACT, fixture.calls.store()).createDefaults();
    return fixture;
  }

  /** Adds {@code user_<name>} with the address {@code <name>@example.com}. */
  String user(String name) {
    ObjectNode user =
        Json.object()
            .put("object", "user")
            .put("id", "user_" + name)
            .put("first_name", name)
            .put("last_name", "Lovelace")
            .put("image_url", "https://clerk.sandbox.invalid/images/" + name)
            .put("has_image", false)
            .put("username", name + "_l")
            .put("primary_email_address_id", "idn_" + name)
            .put("banned", false)
            .putNull("external_id")
            .put("created_at", 1000L * calls.store().table(ObjectKind.USER).size())
            .putNull("last_active_at");
    user.putArray("email_addresses")
        .addObject()
        .put("id", "idn_" + name)
        .put("email_address", name + "@example.com")
        .putObject("verification")
        .put("status", "verified");
    return calls.store().table(ObjectKind.USER).add(user).path("id").asText();
  }

  /** Creates an organization without members. */
  String organization(String name) {
    return calls.ok("POST /organizations", "{'name':'%s'}".formatted(name)).path("id").asText();
  }

  /** Creates an organization and a new user as its admin. */
  String organization(String name, String admin) {
    return calls
        .ok("POST /organizations", "{'name':'%s','created_by':'%s'}".formatted(name, user(admin)))
        .path("id")
        .asText();
  }

  /** Creates a user and makes it a member. */
  String member(String organization, String name, String role) {
    String user = user(name);
    calls.ok(
        "POST /organizations/%s/memberships".formatted(organization),
        "{'user_id':'%s','role':'%s'}".formatted(user, role));
    return user;
  }

  /** Invites {@code <name>@example.com} and returns the id of the invitation. */
  String invitation(String organization, String name) {
    return calls
        .ok(
            "POST /organizations/%s/invitations".formatted(organization),
            "{'email_address':'%s@example.com','role':'org:member'}".formatted(name))
        .path("id")
        .asText();
  }

  /** Sets the instance's settings of organizations. */
  void settings(String json) {
    try {
      ObjectNode row = (ObjectNode) Json.read(json.replace('\'', '"'));
      calls.store().table(ObjectKind.SETTINGS).add(row.put("id", OrganizationSettings.ID));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** A field of every row of a list. */
  List<String> list(String path, String pointer) {
    List<String> values = new ArrayList<>();
    for (JsonNode row : calls.ok("GET " + path).path("data")) {
      values.add(row.at(pointer).asText());
    }
    return values;
  }
}
