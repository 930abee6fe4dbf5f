package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;

/**
 * Somebody who may be meant.
 *
 * @param id the ID
 * @param name for people to recognize it by; empty if there is none
 * @param shown what is told of it where it is not certain that it is meant
 */
record Candidate(String id, String name, ObjectNode shown) {
  static Candidate of(UserReference.Match match) {
    JsonNode user = match.user();
    return new Candidate(
        user.path("id").asText(),
        Person.name(user),
        Person.brief(user).put("matched", match.matched()));
  }

  static Candidate ofOrganization(JsonNode organization, String matched) {
    String id = organization.path("id").asText();
    String name = organization.path("name").asText("");
    ObjectNode shown = Json.object().put("id", id).put("name", name);
    shown.put("slug", organization.path("slug").asText("")).put("matched", matched);
    return new Candidate(id, name, shown);
  }
}
