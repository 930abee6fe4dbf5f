package dev.clerkmcp.interceptor.redact;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.FieldCatalog;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.text.Fingerprint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Redacts the secrets of an answer: masks each credential with its fingerprint, such as {@code
 * sk_...3f9a}. It masks the fields that are declared as secret and, by heuristics, every value that
 * has the name or the form of a credential.
 */
public final class SecretRedactor {
  private final Set<String> declared = new TreeSet<>();
  private final Set<String> declaredNames = new HashSet<>();
  private final boolean heuristics;
  private final List<Found> found = new ArrayList<>();

  private SecretRedactor(Collection<String> declared, boolean heuristics) {
    for (String path : declared) {
      this.declared.add(fromData(path));
      declaredNames.add(path.substring(path.lastIndexOf('.') + 1));
    }
    this.heuristics = heuristics;
  }

  /** Replaces only declared credentials, so that the rest can be sent back to Clerk unchanged. */
  static SecretRedactor ofDeclared(Collection<String> paths) {
    return new SecretRedactor(paths, false);
  }

  /**
   * Replaces declared credentials, and every other value that has the name or form of a credential.
   */
  public static SecretRedactor ofAll(Collection<String> declared) {
    return new SecretRedactor(declared, true);
  }

  /** The answer without its credentials; the given object is not changed. */
  public JsonNode mask(JsonNode answer) {
    return masked(answer, Place.TOP, false);
  }

  /** The declared credentials that the answers had, in order. */
  List<Found> found() {
    return List.copyOf(found);
  }

  /** Returns the value itself if it has no credential, which saves copying nearly all answers. */
  private JsonNode masked(JsonNode value, Place place, boolean custom) {
    if (value instanceof ObjectNode object) {
      return masked(object, place, custom);
    }
    if (value instanceof ArrayNode list) {
      return masked(list, place, custom);
    }
    if (!heuristics || !value.isTextual()) {
      return value;
    }
    String text = value.textValue();
    String masked = CredentialText.masked(text);
    return masked.equals(text) ? value : TextNode.valueOf(masked);
  }

  private JsonNode masked(ArrayNode list, Place place, boolean custom) {
    ArrayNode items = null;
    for (int i = 0; i < list.size(); i++) {
      JsonNode item = list.get(i);
      JsonNode masked = masked(item, place.item(i), custom);
      if (items == null && !masked.equals(item)) {
        items = Json.array();
        for (int before = 0; before < i; before++) {
          items.add(list.get(before));
        }
      }
      if (items != null) {
        items.add(masked);
      }
    }
    return items == null ? list : items;
  }

  private JsonNode masked(ObjectNode object, Place outside, boolean custom) {
    Place place = outside.of(object.path("id").asText(outside.owner()));
    List<JsonNode> values = new ArrayList<>(object.size());
    boolean same = true;
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      MaskedName name = MaskedName.of(field.getKey());
      JsonNode masked = field(place.field(field.getKey()), name, field.getValue(), custom);
      values.add(masked);
      same &= masked.equals(field.getValue()) && (!heuristics || name.isShown());
    }
    if (same) {
      return object;
    }
    ObjectNode fields = Json.object();
    Iterator<JsonNode> value = values.iterator();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      fields.set(heuristics ? MaskedName.of(name).shown() : name, value.next());
    }
    return fields;
  }

  private JsonNode field(Place place, MaskedName name, JsonNode value, boolean custom) {
    if (declaredNames.contains(place.step()) && declared.contains(fromData(place.declared()))) {
      if (isNothing(value) || Fingerprint.is(value)) {
        return value;
      }
      found.add(new Found(place.path(), value, place.owner()));
      return Fingerprint.of(value);
    }
    boolean named = custom ? name.isCredentialEverywhere() : name.isCredential();
    if (heuristics && named && holdsText(value)) {
      return Fingerprint.is(value) ? value : Fingerprint.of(value);
    }
    return masked(value, place, custom || name.isCustom());
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

  /**
   * One spelling for lists that Clerk returns as an array or, on request, in the field {@code
   * data}.
   */
  private static String fromData(String path) {
    return path.startsWith("[]") ? "data" + path : path;
  }

  /**
   * A declared credential.
   *
   * @param path its path in the answer: {@code client_secret}, {@code data[0].url}
   * @param owner the ID of the nearest object around it that has one; else empty
   */
  record Found(String path, JsonNode value, String owner) {}

  /**
   * The place of a value in the answer. Its path is put together only on request, because most
   * values need none.
   *
   * @param owner the ID of the nearest object around it that has one; else empty
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

    /** The path as declarations write it: without indexes. */
    String declared() {
      if (outer == null) {
        return "";
      }
      String before = outer.declared();
      String name = step.startsWith("[") ? "[]" : step;
      return before.isEmpty() || name.equals("[]") ? before + name : before + "." + name;
    }
  }

  /**
   * What the name of a field implies about its value. It is cached by name, since every answer has
   * the same names.
   *
   * @param shown the name with everything masked that looks like a credential
   * @param isShown whether nothing in the name was masked
   * @param isCredential whether it is the name of a credential
   * @param isCredentialEverywhere whether it is one even where the customer chose the names
   * @param isCustom whether the value is an object whose keys the customer chose; a key such as
   *     {@code token} then says nothing about its value
   */
  private record MaskedName(
      String shown,
      boolean isShown,
      boolean isCredential,
      boolean isCredentialEverywhere,
      boolean isCustom) {
    /** Clerk has some hundreds of field names; metadata may have any number. */
    private static final int MAX_CACHED = 4096;

    private static final int MAX_CACHED_LENGTH = 64;

    private static final Map<String, MaskedName> CACHE = new ConcurrentHashMap<>();

    static MaskedName of(String name) {
      MaskedName cached = CACHE.get(name);
      if (cached != null) {
        return cached;
      }
      String shown = CredentialText.masked(name);
      MaskedName found =
          new MaskedName(
              shown,
              shown.equals(name),
              FieldCatalog.isCredential(name),
              FieldCatalog.isCredentialEverywhere(name),
              FieldCatalog.isCustom(name));
      if (found.isShown() && name.length() <= MAX_CACHED_LENGTH && CACHE.size() < MAX_CACHED) {
        CACHE.put(name, found);
      }
      return found;
    }
  }
}
