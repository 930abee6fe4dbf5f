package dev.clerkmcp.guard.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Fingerprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the credentials out of an answer and leaves their fingerprints: those that are declared,
 * and as a net what is named like a credential or looks like one.
 */
public final class AnswerMask {
  /** Without separators and in lower case, so that one spelling stands for all. */
  private static final Set<String> NAMES =
      Set.of(
          "accesstoken",
          "apikey",
          "authorization",
          "backupcodes",
          "clientsecret",
          "cookie",
          "cookies",
          "expiredtoken",
          "idtoken",
          "jwt",
          "password",
          "passworddigest",
          "privatekey",
          "refreshtoken",
          "rotatingtoken",
          "samlresponse",
          "secret",
          "secretkey",
          "sessiontoken",
          "signingkey",
          "signingsecret",
          "svixurl",
          "ticket",
          "token",
          "tokensecret",
          "totpsecret",
          "webhooksecret");

  private static final Pattern MASKED =
      Pattern.compile("(?:[a-z]{2,5}_)?\\.\\.\\.(?:[0-9a-f]{4})?");

  private final Set<String> declared = new TreeSet<>();
  private final boolean net;
  private final List<Found> found = new ArrayList<>();

  private AnswerMask(Collection<String> declared, boolean net) {
    declared.forEach(path -> this.declared.add(fromData(path)));
    this.net = net;
  }

  /** Takes out only what is declared, so that the rest can be sent back as it came. */
  static AnswerMask ofDeclared(Collection<String> paths) {
    return new AnswerMask(paths, false);
  }

  /** Takes out what is declared, and whatever else is a credential by its name or look. */
  public static AnswerMask ofAll(Collection<String> declared) {
    return new AnswerMask(declared, true);
  }

  /** The answer without its credentials; the given one stays as it is. */
  public JsonNode mask(JsonNode answer) {
    return masked(answer, Place.TOP, false);
  }

  /** The declared fields that were there, in order. */
  List<Found> found() {
    return List.copyOf(found);
  }

  private JsonNode masked(JsonNode value, Place place, boolean ofTheirOwn) {
    if (value.isTextual()) {
      return net ? TextNode.valueOf(CredentialText.masked(value.textValue())) : value;
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      for (int i = 0; i < value.size(); i++) {
        items.add(masked(value.get(i), place.item(i), ofTheirOwn));
      }
      return items;
    }
    if (!value.isObject()) {
      return value;
    }
    Place object = place.of(value.path("id").asText(place.owner()));
    ObjectNode fields = Json.object();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String name = field.getKey();
      String shown = net ? CredentialText.masked(name) : name;
      fields.set(shown, field(object.field(name), name, field.getValue(), ofTheirOwn));
    }
    return fields;
  }

  private JsonNode field(Place place, String name, JsonNode value, boolean ofTheirOwn) {
    if (!declared.isEmpty() && declared.contains(fromData(place.declared()))) {
      if (isNothing(value) || isMasked(value)) {
        return value;
      }
      found.add(new Found(place.path(), value, place.owner()));
      return Fingerprint.of(value);
    }
    if (net && !ofTheirOwn && holdsText(value) && isNamedLikeCredential(name)) {
      return isMasked(value) ? value : Fingerprint.of(value);
    }
    return masked(value, place, ofTheirOwn || isOfTheirOwn(name));
  }

  private static boolean isNamedLikeCredential(String name) {
    return NAMES.contains(name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT));
  }

  /** Objects whose names the people who run the instance chose; there a token may be anything. */
  private static boolean isOfTheirOwn(String name) {
    return name.endsWith("metadata") || name.equals("claims");
  }

  private static boolean holdsText(JsonNode value) {
    return (value.isTextual() && !value.textValue().isEmpty())
        || (value.isArray() && !value.isEmpty() && value.get(0).isTextual());
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.textValue().isEmpty());
  }

  private static boolean isMasked(JsonNode value) {
    return value.isTextual() && MASKED.matcher(value.textValue()).matches();
  }

  /** Clerk answers some lists as a bare array or with the rows in data, by how it is asked. */
  private static String fromData(String path) {
    return path.startsWith("[]") ? "data" + path : path;
  }

  /**
   * A declared credential.
   *
   * @param path where it stood: {@code client_secret}, {@code data[0].url}
   * @param owner the ID of the nearest object around it that has one; else empty
   */
  record Found(String path, JsonNode value, String owner) {}

  /**
   * Where a value stands, and in whose object; written out only where somebody asks, since most
   * values are not asked about.
   */
  private record Place(@Nullable Place outer, String step, String owner) {
    static final Place TOP = new Place(null, "", "");

    Place field(String name) {
      return new Place(this, name, owner);
    }

    Place item(int index) {
      return new Place(this, "[" + index + "]", owner);
    }

    Place of(String id) {
      return new Place(outer, step, id);
    }

    String path() {
      if (outer == null) {
        return "";
      }
      String before = outer.path();
      return before.isEmpty() || step.startsWith("[") ? before + step : before + "." + step;
    }

    /** The path as declarations write it. */
    String declared() {
      if (outer == null) {
        return "";
      }
      String before = outer.declared();
      String name = step.startsWith("[") ? "[]" : step;
      return before.isEmpty() || name.equals("[]") ? before + name : before + "." + name;
    }
  }
}
