package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.List;

/** Says why a reference stands for nobody in particular, and who may be meant. */
final class AmbiguousReferenceException {
  private AmbiguousReferenceException() {}

  /** An ID of something else. */
  static RefusedException foreign(String argument, String text, ReferenceKind party, String kind) {
    return new RefusedException(
        "reference_of_other_kind",
        "%s: %s is the ID of %s, and a %s is asked for."
            .formatted(argument, QuotedText.plain(text), kind, party.noun()),
        party.ways());
  }

  /** More than one has it. */
  static RefusedException ambiguous(String argument, String text, List<Candidate> meanings) {
    return new RefusedException(
        "reference_ambiguous",
        "%s: %s may be any of %s. Nothing was changed."
            .formatted(argument, QuotedText.plain(text), meanings.size()),
        "Ask the person which one is meant, and give its ID.",
        listed(meanings));
  }

  /** Nobody has it; a name or a part of one is no identifier, even where one alone has it. */
  static RefusedException unknown(
      String argument, String text, ReferenceKind party, List<Candidate> candidates) {
    return new RefusedException(
        "reference_not_found",
        "%s: no %s is known as %s. Nothing was changed."
            .formatted(argument, party.noun(), QuotedText.plain(text)),
        candidates.isEmpty()
            ? party.ways()
            : "If one of the candidates is meant, give its ID; ask the person unless it is certain.",
        candidates.isEmpty() ? Json.object() : listed(candidates));
  }

  private static ObjectNode listed(List<Candidate> meanings) {
    ObjectNode details = Json.object();
    ArrayNode candidates = details.putArray("candidates");
    meanings.forEach(meaning -> candidates.add(meaning.shown()));
    return details;
  }
}
