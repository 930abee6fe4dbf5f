package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Describes how Clerk lists the objects of one kind, and by which of their fields a text names one.
 *
 * @param endpoint the list; an argument of the same call fills in a variable of its path
 * @param queries the queries that together list all objects that a text can name; in a value,
 *     {@code TEXT} stands for the text
 * @param names the fields that name an object, as a text or a list of texts
 * @param keyPrefix what Clerk's keys begin with and people often leave out; empty for none
 * @param result the field that the argument takes
 * @param distinct the fields by which objects of the same name differ
 * @param personal whether the names are personal data
 */
record ObjectList(
    Endpoint endpoint,
    List<Map<String, String>> queries,
    List<String> names,
    String keyPrefix,
    String result,
    List<String> distinct,
    boolean personal) {
  private static final String TEXT = "TEXT";

  ObjectList {
    queries = queries.stream().map(Map::copyOf).toList();
    names = List.copyOf(names);
    distinct = List.copyOf(distinct);
  }

  /** All objects of a list, each named by any of the fields. */
  static ObjectList of(String path, String... names) {
    return new ObjectList(
        Endpoint.parse("GET " + path),
        List.of(Map.of()),
        List.of(names),
        "",
        "id",
        List.of(),
        false);
  }

  /** The list narrowed by a parameter that takes the text. */
  ObjectList searchedBy(String parameter) {
    return new ObjectList(
        endpoint, List.of(Map.of(parameter, TEXT)), names, keyPrefix, result, distinct, personal);
  }

  /** The list narrowed to objects with a status. */
  ObjectList withStatus(String status) {
    List<Map<String, String>> all = new ArrayList<>();
    for (Map<String, String> query : queries) {
      Map<String, String> narrowed = new TreeMap<>(query);
      narrowed.put("status", status);
      all.add(narrowed);
    }
    return new ObjectList(endpoint, all, names, keyPrefix, result, distinct, personal);
  }

  /** The list with revoked objects as well, which Clerk leaves out unless they are asked for. */
  ObjectList withRevoked() {
    List<Map<String, String>> all = new ArrayList<>(queries);
    all.addAll(withStatus("revoked").queries);
    return new ObjectList(endpoint, all, names, keyPrefix, result, distinct, personal);
  }

  /** The list of objects whose keys begin with a prefix. */
  ObjectList withKeyPrefix(String prefix) {
    return new ObjectList(endpoint, queries, names, prefix, result, distinct, personal);
  }

  /** The list for an argument that takes another field than the ID. */
  ObjectList resultingIn(String field) {
    return new ObjectList(endpoint, queries, names, keyPrefix, field, distinct, personal);
  }

  /** The list of objects that differ in the fields. */
  ObjectList differingIn(String... fields) {
    return new ObjectList(endpoint, queries, names, keyPrefix, result, List.of(fields), personal);
  }

  /** The list of objects whose names are personal data. */
  ObjectList ofPeople() {
    return new ObjectList(endpoint, queries, names, keyPrefix, result, distinct, true);
  }

  /** The arguments of the requests that together list what a text can name. */
  List<ObjectNode> arguments(String text, ObjectNode callArguments) {
    List<ObjectNode> all = new ArrayList<>();
    for (Map<String, String> query : queries) {
      ObjectNode arguments = Json.object();
      endpoint.variables().forEach(name -> arguments.set(name, callArguments.path(name)));
      query.forEach((name, value) -> arguments.put(name, value.equals(TEXT) ? text : value));
      all.add(arguments);
    }
    return all;
  }

  /** Whether Clerk lists the objects within another one, which an argument of the call names. */
  boolean isWithinAnother() {
    return !endpoint.variables().isEmpty();
  }

  /**
   * Whether two texts are the same name. Case counts, since two URLs or names may differ in it
   * alone, but not in addresses and the like of people.
   */
  boolean same(String name, String text) {
    return personal ? name.equalsIgnoreCase(text) : name.equals(text);
  }

  /** The texts that name an object. */
  List<String> namesOf(JsonNode object) {
    List<String> all = new ArrayList<>();
    for (String field : names) {
      JsonNode value = object.path(field);
      for (JsonNode name : value.isArray() ? value : Json.array().add(value)) {
        if (!name.asText("").isBlank()) {
          all.add(name.asText());
        }
      }
    }
    return all;
  }
}
