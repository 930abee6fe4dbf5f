package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The references among the arguments of one run, each looked up once. */
final class References {
  private final ToolCallContext run;
  private final EntityLookup directory;
  private final Map<Reference, Candidate> known = new HashMap<>();

  References(ToolCallContext run) {
    this.run = run;
    this.directory = new EntityLookup(run);
  }

  /** What an argument asks for, and how. */
  private record Reference(String text, ReferenceKind party) {}

  /**
   * Puts IDs in the place of all references in an argument, and notes who was meant.
   *
   * @throws RefusedException if one stands for nobody in particular
   * @throws ClerkException if Clerk refuses to say whom one stands for
   */
  void resolve(String argument, JsonNode value) {
    Set<String> meant = new LinkedHashSet<>();
    JsonNode resolved = resolved(new Place(argument, argument, false), value, meant);
    if (!meant.isEmpty()) {
      run.set(argument, resolved);
      run.invocation().note(argument + ": " + String.join(", ", meant) + ".");
    }
  }

  /**
   * Where a value stands.
   *
   * @param path as it is declared
   * @param shown with the indexes of items
   * @param item whether it is one of a list
   */
  private record Place(String path, String shown, boolean item) {
    Place field(String name) {
      return new Place(path + "." + name, shown + "." + name, false);
    }

    Place at(int index) {
      return new Place(path, "%s[%s]".formatted(shown, index), true);
    }
  }

  private JsonNode resolved(Place place, JsonNode value, Set<String> meant) {
    if (value.isObject() && ReferringArguments.isAbove(place.path())) {
      ObjectNode fields = Json.object();
      value
          .properties()
          .forEach(
              field ->
                  fields.set(
                      field.getKey(),
                      resolved(place.field(field.getKey()), field.getValue(), meant)));
      return fields;
    }
    if (value.isArray()) {
      ArrayNode items = Json.array();
      for (int i = 0; i < value.size(); i++) {
        items.add(resolved(place.at(i), value.get(i), meant));
      }
      return items;
    }
    ReferenceKind party = ReferringArguments.find(run.tool(), place.path());
    return party == null || !value.isTextual()
        ? value
        : TextNode.valueOf(resolved(place, value.textValue(), party, meant));
  }

  private String resolved(Place place, String text, ReferenceKind party, Set<String> meant) {
    boolean signed = place.item() && ReferringArguments.isFilter(place.path()) && isSigned(text);
    String sign = signed ? text.substring(0, 1) : "";
    String bare = text.substring(sign.length()).strip();
    if (bare.isEmpty() || party.isId(bare)) {
      return text;
    }
    Candidate meaning = meaning(place.shown(), new Reference(bare, party));
    String name = meaning.name().isBlank() ? "" : " (" + QuotedText.name(meaning.name()) + ")";
    meant.add(QuotedText.plain(bare) + " is " + QuotedText.plain(meaning.id()) + name);
    return sign + meaning.id();
  }

  /** A plus before a digit belongs to a phone number. */
  private static boolean isSigned(String text) {
    return text.startsWith("-") || (text.startsWith("+") && !text.matches("\\+\\s?\\d.*"));
  }

  private Candidate meaning(String argument, Reference reference) {
    Candidate meaning = known.get(reference);
    if (meaning == null) {
      meaning = lookUp(argument, reference.text(), reference.party());
      known.put(reference, meaning);
    }
    return meaning;
  }

  private Candidate lookUp(String argument, String text, ReferenceKind party) {
    @Nullable String kind = MismatchedId.kind(text);
    if (kind != null) {
      throw AmbiguousReferenceException.foreign(argument, text, party, kind);
    }
    List<Candidate> meanings = directory.meanings(text, party);
    if (meanings.isEmpty()) {
      throw AmbiguousReferenceException.unknown(
          argument, text, party, directory.candidates(text, party));
    }
    if (meanings.size() > 1) {
      throw AmbiguousReferenceException.ambiguous(argument, text, meanings);
    }
    return meanings.get(0);
  }
}
