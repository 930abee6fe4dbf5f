package dev.clerkmcp.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.reference.EntityLookup.Candidate;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.ToolCallContext;
import dev.clerkmcp.registry.ToolDefinition;
import dev.clerkmcp.registry.ToolInterceptor;
import dev.clerkmcp.registry.text.QuotedText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces references in arguments, such as an email address, a slug or a name, by the IDs of the
 * objects they mean, so that tools and the other interceptors see IDs only. An ID is taken as it
 * is, without a request. A reference that does not mean exactly one object is refused. So is one
 * that only users have who have not verified it, or that is only a part of a name, unless the tool
 * only reads.
 */
public final class ReferenceInterceptor implements ToolInterceptor {
  /** The most candidates that a refusal names. */
  private static final int MAX_CANDIDATES = 5;

  /** Longer than any name that Clerk takes, and short enough for the query of a request. */
  private static final int MAX_NAME_LENGTH = 1_000;

  private final boolean suggests;
  private final Visibility shown;

  /**
   * Prepares to resolve.
   *
   * @param suggests whether a refusal names people with a similar name or identifier; not if
   *     personal data is masked, since it could be guessed letter by letter
   * @param shown what notes and refusals may tell of an object
   */
  public ReferenceInterceptor(boolean suggests, Visibility shown) {
    this.suggests = suggests;
    this.shown = shown;
  }

  @Override
  public JsonNode intercept(Chain chain) {
    Resolver resolver = new Resolver(chain.context(), suggests, shown);
    resolver.findOrganization();
    ToolDefinition tool = chain.context().tool();
    ObjectNode arguments = chain.context().arguments().deepCopy();
    List<String> last = new ArrayList<>();
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      ReferenceKind kind = ReferringArguments.find(tool, argument.getKey());
      if (kind != null && kind.isWithinAnother()) {
        last.add(argument.getKey()); // its list is read by the ID of another argument
      } else {
        resolver.resolve(argument.getKey(), argument.getValue());
      }
    }
    last.forEach(argument -> resolver.resolve(argument, arguments.path(argument)));
    return chain.proceed();
  }

  /** Resolves the references of one call, and looks each up once. */
  private static final class Resolver {
    private final ToolCallContext context;
    private final EntityLookup lookup;
    private final ListedObjects listed;
    private final boolean suggests;
    private final Map<Reference, Candidate> known = new HashMap<>();

    Resolver(ToolCallContext context, boolean suggests, Visibility shown) {
      this.context = context;
      this.listed = new ListedObjects(context, shown);
      this.lookup = new EntityLookup(context, listed, shown);
      this.suggests = suggests;
    }

    private record Reference(String text, ReferenceKind kind) {}

    /**
     * Replaces all references in an argument by IDs, and adds a note that says what each means.
     *
     * @throws RefusedException if one does not mean exactly one object
     * @throws ClerkException if Clerk refuses to search
     */
    void resolve(String argument, JsonNode value) {
      Set<String> meanings = new LinkedHashSet<>();
      JsonNode resolved = resolved(new Place(argument, argument, false), value, meanings);
      if (!meanings.isEmpty()) {
        context.set(argument, resolved);
        context.noteForGood(argument + ": " + String.join(", ", meanings) + ".");
      }
    }

    /** Sets the organization of an invitation if the caller did not give it. */
    void findOrganization() {
      if (!OrganizationOfInvitation.isWanted(context)) {
        return;
      }
      String invitation = context.arguments().path("invitation_id").asText();
      List<Candidate> found = OrganizationOfInvitation.of(context, listed);
      if (found.isEmpty()) {
        throw unknown(
            "invitation_id", invitation, ReferenceKind.ORGANIZATION_INVITATION, List.of());
      }
      Candidate organization = only("invitation_id", invitation, found);
      context.set("organization_id", TextNode.valueOf(organization.id()));
      context.noteForGood("organization_id: %s has the invitation.".formatted(organization.id()));
    }

    private JsonNode resolved(Place place, JsonNode value, Set<String> meanings) {
      if (value.isObject() && ReferringArguments.isAbove(place.path())) {
        ObjectNode fields = Json.object();
        value
            .properties()
            .forEach(
                field ->
                    fields.set(
                        field.getKey(),
                        resolved(place.field(field.getKey()), field.getValue(), meanings)));
        return fields;
      }
      if (value.isArray()) {
        ArrayNode items = Json.array();
        for (int i = 0; i < value.size(); i++) {
          items.add(resolved(place.at(i), value.get(i), meanings));
        }
        return items;
      }
      ReferenceKind kind = ReferringArguments.find(context.tool(), place.path());
      return kind == null || !value.isTextual()
          ? value
          : TextNode.valueOf(resolved(place, value.textValue(), kind, meanings));
    }

    private String resolved(Place place, String text, ReferenceKind kind, Set<String> meanings) {
      boolean signed =
          place.isItem() && ReferringArguments.isFilter(place.path()) && isSigned(text);
      String sign = signed ? text.substring(0, 1) : "";
      String bare = text.substring(sign.length()).strip();
      if (bare.isEmpty() || kind.needsNoLookup(bare)) {
        return text;
      }
      Candidate meant = meant(place.shown(), new Reference(bare, kind));
      List<String> described = new ArrayList<>();
      boolean told = !kind.mayBeUser() && meant.isKnownAs(bare);
      if (!meant.name().isBlank() && !told) {
        described.add(meant.quotedName());
      }
      if (!meant.status().isEmpty()) {
        described.add(meant.status());
      }
      String name = described.isEmpty() ? "" : " (" + String.join(", ", described) + ")";
      String proof = meant.unverified() ? ", who has not verified it" : "";
      meanings.add(QuotedText.plain(bare) + " is " + QuotedText.plain(meant.id()) + name + proof);
      return sign + meant.id();
    }

    /**
     * Whether the text begins with a filter sign. A plus before a digit belongs to a phone number.
     */
    private static boolean isSigned(String text) {
      return text.startsWith("-") || (text.startsWith("+") && !text.matches("\\+\\s?\\d.*"));
    }

    private Candidate meant(String argument, Reference reference) {
      Candidate meant = known.get(reference);
      if (meant == null) {
        meant = lookUp(argument, reference.text(), reference.kind());
        known.put(reference, meant);
      }
      return meant;
    }

    private Candidate lookUp(String argument, String text, ReferenceKind kind) {
      String otherObject = ReferenceKind.findIdObject(text);
      if (otherObject != null) {
        throw ofOtherKind(argument, text, kind, otherObject);
      }
      ObjectList list = kind.list();
      return list == null
          ? lookUpEntity(argument, text, kind)
          : lookUpListed(argument, text, kind, list);
    }

    private Candidate lookUpEntity(String argument, String text, ReferenceKind kind) {
      List<Candidate> exact = lookup.exact(text, kind);
      boolean reads = context.tool().effect().readOnly();
      Candidate partial = exact.isEmpty() && reads ? lookup.onlyPartial(text, kind) : null;
      if (partial != null) {
        return partial;
      }
      if (exact.isEmpty()) {
        throw unknown(
            argument,
            text,
            kind,
            suggests || !kind.mayBeUser() ? lookup.similar(text, kind) : List.of());
      }
      List<Candidate> named = exact.stream().filter(found -> !found.unverified()).toList();
      if (named.isEmpty() && !reads) {
        throw unverified(argument, text, exact);
      }
      return only(argument, text, named.isEmpty() ? exact : named);
    }

    private Candidate lookUpListed(
        String argument, String text, ReferenceKind kind, ObjectList list) {
      if (text.length() > MAX_NAME_LENGTH) {
        throw unknown(argument, text, kind, List.of());
      }
      ListedObjects.Matches matches = listed.matching(text, kind, list);
      if (!matches.exact().isEmpty()) {
        return only(argument, text, matches.exact());
      }
      if (list.personal() && !suggests) {
        throw unknown(argument, text, kind, List.of());
      }
      if (matches.partial().size() == 1 && context.tool().effect().readOnly()) {
        return matches.partial().get(0);
      }
      List<Candidate> named = matches.partial().isEmpty() ? matches.similar() : matches.partial();
      throw unknown(argument, text, kind, named.isEmpty() ? matches.few() : named);
    }

    private static Candidate only(String argument, String text, List<Candidate> meant) {
      if (meant.size() > 1) {
        throw ambiguous(argument, text, meant);
      }
      return meant.get(0);
    }
  }

  /**
   * The position of a value in the arguments.
   *
   * @param path as the tool declares it, without indexes
   * @param shown with the indexes of items
   * @param isItem whether it is an item of a list
   */
  private record Place(String path, String shown, boolean isItem) {
    Place field(String name) {
      return new Place(path + "." + name, shown + "." + name, false);
    }

    Place at(int index) {
      return new Place(path, "%s[%s]".formatted(shown, index), true);
    }
  }

  private static RefusedException ofOtherKind(
      String argument, String text, ReferenceKind kind, String otherObject) {
    return new RefusedException(
        "reference_of_other_kind",
        "%s: %s is the ID of %s; expected: %s."
            .formatted(argument, QuotedText.plain(text), otherObject, kind.noun()),
        kind.remedy());
  }

  private static RefusedException ambiguous(
      String argument, String text, List<Candidate> candidates) {
    return new RefusedException(
        "reference_ambiguous",
        "%s: %s matches %s objects. Nothing was changed."
            .formatted(argument, QuotedText.plain(text), candidates.size()),
        "Ask the person which one is meant, and give its ID.",
        details(candidates));
  }

  /** Refuses to change a user because of an identifier that anyone could have claimed. */
  private static RefusedException unverified(
      String argument, String text, List<Candidate> candidates) {
    return new RefusedException(
        "reference_unverified",
        "%s: no user has verified %s. Nothing was changed."
            .formatted(argument, QuotedText.plain(text)),
        "Anyone can add another person's address to their account. Ask the person whether a"
            + " candidate is meant, and give its ID.",
        details(candidates));
  }

  /** Refuses a name of a person, or a part of another name, even if only one object has it. */
  private static RefusedException unknown(
      String argument, String text, ReferenceKind kind, List<Candidate> candidates) {
    return new RefusedException(
        "reference_not_found",
        "%s: no %s is known as %s. Nothing was changed."
            .formatted(argument, kind.noun(), QuotedText.plain(text)),
        candidates.isEmpty()
            ? kind.remedy()
            : "If one of the candidates is meant, give its ID; ask the person unless it is certain.",
        candidates.isEmpty() ? Json.object() : details(candidates));
  }

  private static ObjectNode details(List<Candidate> candidates) {
    ObjectNode details = Json.object();
    ArrayNode rows = details.putArray("candidates");
    candidates.stream().limit(MAX_CANDIDATES).forEach(candidate -> rows.add(candidate.shown()));
    if (candidates.size() > MAX_CANDIDATES) {
      details.put("more_candidates", candidates.size() - MAX_CANDIDATES);
    }
    return details;
  }
}
