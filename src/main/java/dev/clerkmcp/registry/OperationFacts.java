package dev.clerkmcp.registry;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.Endpoint;
import dev.clerkmcp.clerk.Endpoint.Payload;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one Clerk operation that are known before it is sent, read from the annotations
 * beside its {@link Route}: what it sets, what is lost with it, how it is undone or why it cannot
 * be, and what makes it risky. Undo, dry runs and confirmations read it. An operation that changes
 * something has either {@link UndoneBy} or {@link NotUndone}; a test holds every route to that.
 *
 * @param endpoint the operation, and whether it is safe to send again when its outcome is unknown
 * @param sets the fields that Clerk sets without being given them, with their values
 * @param defaults the values that Clerk takes for arguments that are not given
 * @param loses what is lost; null if nothing is
 * @param undoneBy null if it cannot be undone, or changes nothing
 * @param notUndone why it cannot be undone; null if it can, or changes nothing
 * @param risks what makes it risky; empty if nothing does
 * @param notifies when it sends messages to people; null if it sends none
 * @param contactsService whether it makes Clerk contact another service
 * @param takesAway whether it lets nobody in and gives no right
 * @param secret the fields of its answer that are credentials; null if it has none
 */
public record OperationFacts(
    Endpoint endpoint,
    Effect effect,
    SortedMap<String, JsonNode> sets,
    List<Default> defaults,
    @Nullable Loses loses,
    @Nullable UndoneBy undoneBy,
    @Nullable NotUndone notUndone,
    List<Risky> risks,
    @Nullable Notifies notifies,
    boolean contactsService,
    boolean takesAway,
    @Nullable Secret secret) {
  /** A list below a user whose items are created below an organization. */
  private static final String MEMBERSHIPS_OF_USER = "organization_memberships";

  /** The arguments that ask to end the sessions of a user. */
  public static final List<String> SIGN_OUT_OPTIONS =
      List.of("revoke_all_sessions", "sign_out_of_other_sessions");

  /**
   * What is declared beside an operation that only reads.
   *
   * @param tool the tool that answers with what the operation reads; null if there is none
   * @param secret the fields of its answer that are credentials; null if it has none
   */
  public record Reading(@Nullable String tool, @Nullable Secret secret) {
    static Reading of(ToolMethod method) {
      InternalEndpoint internal = method.method().getAnnotation(InternalEndpoint.class);
      String tool = method.tool() == null ? null : method.tool().name();
      if (internal != null && !internal.readBy().isEmpty()) {
        tool = internal.readBy();
      }
      return new Reading(tool, method.method().getAnnotation(Secret.class));
    }
  }

  /**
   * Fields of the object that the operation sets without an argument of that name, each as {@code
   * name = value}. A value is {@code true}, {@code false} or a text without quotes.
   */
  @Retention(RUNTIME)
  @Target(METHOD)
  public @interface Sets {
    /** For example {@code banned = true}. */
    String[] value();
  }

  /**
   * A value that Clerk takes for an argument that is not given, if it is the dangerous one, so that
   * a question must tell it.
   */
  @Retention(RUNTIME)
  @Target(METHOD)
  @Repeatable(Default.All.class)
  public @interface Default {
    /** The name of the argument. */
    String argument();

    /** The value in words: {@code 30 days}. */
    String value();

    /** The argument without which the value means nothing; empty if there is none. */
    String with() default "";

    /** Several defaults of one operation. */
    @Retention(RUNTIME)
    @Target(METHOD)
    @interface All {
      Default[] value();
    }
  }

  /**
   * The operation only takes away: it lets nobody in and gives no right, although it is no DELETE.
   */
  @Retention(RUNTIME)
  @Target(METHOD)
  public @interface TakesAway {}

  /** What is lost with the operation, as a person is told before confirming it. */
  @Retention(RUNTIME)
  @Target(METHOD)
  public @interface Loses {
    /** A sentence without a full stop; empty for none. */
    String value() default "";

    /**
     * The argument for which the sentence is true, such as {@code action = decrease}; empty if
     * always.
     */
    String when() default "";

    /** The losses that depend on data in Clerk. */
    Dependent[] also() default {};

    /** Whether a user loses something, but Clerk has no operation that says which user. */
    boolean ofUnknownUser() default false;
  }

  /** What depends on the object of an operation; the class LossAnalyzer reads and counts it. */
  public enum Dependent {
    /** The user's active sessions. */
    SESSIONS,
    /** The user's active sessions, if the arguments say to end them. */
    SESSIONS_IF_ASKED,
    /** A deleted user's sessions, memberships and pending invitations to organizations. */
    EVERYTHING_OF_USER,
    /** A deleted organization's members, invitations, domains and enterprise connections. */
    EVERYTHING_OF_ORGANIZATION,
    /** The user's authenticator app, backup codes and phone numbers for a second factor. */
    SECOND_FACTORS,
    /** The user's email addresses other than the given one. */
    OTHER_EMAIL_ADDRESSES,
    /** The user's phone numbers other than the given one. */
    OTHER_PHONE_NUMBERS,
    /** Whether it is the user's only email address. */
    ONLY_EMAIL_ADDRESS,
    /** Whether it is the user's only phone number. */
    ONLY_PHONE_NUMBER,
    /** The image that is replaced or deleted. */
    IMAGE,
    /** The metadata keys that are not given again. */
    METADATA_KEYS,
    /** The member's role, and whether the organization has another admin. */
    ROLE,
    /** The group role mappings that are replaced. */
    GROUP_ROLE_MAPPINGS,
    /** Whether the allowlist becomes empty. */
    LAST_ALLOWED,
    /** Whether an empty allowlist is switched on. */
    EMPTY_ALLOWLIST
  }

  /** The operation sends an email or a text message to each person whom a call names. */
  @Retention(RUNTIME)
  @Target(METHOD)
  public @interface Notifies {
    /** The argument with which it does, such as {@code notify = true}; empty if always. */
    String when() default "";

    /** The argument with which it does not, such as {@code notify = false}; empty if none. */
    String unless() default "";

    /** The arguments with which it may besides: Clerk does not document whether it does. */
    String[] perhapsWith() default {};
  }

  /** How the operation is undone. */
  @Retention(RUNTIME)
  @Target(METHOD)
  public @interface UndoneBy {
    /** The route of the operation that undoes this one; by default its own. */
    String value() default "";

    /** The arguments with which that operation is called. */
    UndoMethod how() default UndoMethod.INVERSE;

    /**
     * What a recreation does not restore: {@code its secret key and its tokens.} Or what a removal
     * leaves of a creation with {@code notify: true}.
     */
    String without() default "";

    /**
     * The lists below the object that are deleted together with it and that a recreation fills
     * again, each by the last segment of its path: {@code memberships}.
     */
    String[] contents() default {};

    /**
     * Arguments whose keys Clerk merges into the object, so that only the given keys are set back;
     * of others, the whole value is.
     */
    String[] merges() default {};

    /**
     * Whether code, links or databases may refer to the object by its ID, so that the new ID of a
     * recreation is a loss.
     */
    boolean idIsKnown() default true;
  }

  /** What undoes an operation; the package interceptor.undo builds the calls. */
  public enum UndoMethod {
    /** The inverse operation on the same object: unban for ban. */
    INVERSE,
    /** The deletion or revocation of what was created. */
    REMOVAL,
    /** The deletion of what was created, with all that was added to it since. */
    REMOVAL_WITH_CONTENTS,
    /** The creation of a new object from the fields of the deleted one. */
    RECREATION,
    /** The creation of a connection between two objects; the path names both, and it has no ID. */
    RECONNECTION,
    /** The same operation with the values that the given fields had before. */
    PREVIOUS_VALUES,
    /** The replacement by the former email address or phone number, and the creation of others. */
    PREVIOUS_CONTACTS,
    /** The message template as it was before. */
    PREVIOUS_TEMPLATE,
    /** The deletion of an uploaded image, if there was none before; Clerk returns no image. */
    FIRST_IMAGE_REMOVAL
  }

  /** Why no operation undoes this one. */
  @Retention(RUNTIME)
  @Target(METHOD)
  public @interface NotUndone {
    /** A sentence with its full stop. */
    String value();
  }

  /** A risk of the operation, always or with certain arguments. */
  @Retention(RUNTIME)
  @Target(METHOD)
  @Repeatable(Risky.All.class)
  public @interface Risky {
    Risk value();

    /**
     * The arguments that raise the risk, each as {@code name} (whenever it is given, null included)
     * or {@code name = value}, with a value as in {@link Sets}; of the entries of a bulk call,
     * {@code entries.name}. Empty if every call has the risk.
     */
    String[] when() default {};

    /** What has to be found out besides; the class RiskAssessor does. */
    RiskCheck check() default RiskCheck.NONE;

    /**
     * Whether a person is asked because of the risk; an operation of which none is asked is free.
     */
    boolean asked() default true;

    /** Several risks of one operation. */
    @Retention(RUNTIME)
    @Target(METHOD)
    @interface All {
      Risky[] value();
    }
  }

  /** What decides about a risk besides the arguments that are given. */
  public enum RiskCheck {
    /** Nothing: the arguments decide. */
    NONE,
    /** Whether the role that is given, or taken away, may do more than the default role. */
    HIGHER_ROLE,
    /** Whether the metadata has a key that applications read as a right, such as {@code role}. */
    SENSITIVE_METADATA,
    /**
     * Whether one account gets several addresses, numbers or wallets, which may be of several
     * people.
     */
    SEVERAL_CONTACTS,
    /** Whether the organization has so many members that losing it concerns many users. */
    MANY_MEMBERS
  }

  /** The kinds of harm that a call can do. */
  public enum Risk {
    /** Creates, changes, reveals or tests something that grants access. */
    CREDENTIAL("it concerns a password, key, token or link that lets somebody in"),
    /** Changes which person an account belongs to. */
    IDENTITY("it changes to whom an account belongs"),
    /** Changes what a user may do. */
    PRIVILEGE("it changes what somebody may do"),
    /** Changes from where users or applications may sign in. */
    FEDERATION("it changes from where people or programs may come"),
    /** Concerns many users at once. */
    MASS("it concerns more than ten people"),
    /** Changes billing. */
    MONEY("it changes billing"),
    /** Changes a setting of the whole instance. */
    INSTANCE("it changes a setting for everyone"),
    /** Ends sessions. */
    SIGN_OUT("it signs people out");

    private final String reason;

    Risk(String reason) {
      this.reason = reason;
    }

    /** Why a person is asked about it, as it follows "because" in a sentence. */
    public String reason() {
      return reason;
    }

    /** Its word in plans, policies and the audit log: {@code sign_out}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads the annotations of a method. */
  static OperationFacts of(Method method, Endpoint endpoint, Effect effect) {
    Tool tool = method.getAnnotation(Tool.class);
    Notifies notifies = method.getAnnotation(Notifies.class);
    return new OperationFacts(
        endpoint,
        effect,
        parse(method.getAnnotation(Sets.class)),
        List.of(method.getAnnotationsByType(Default.class)),
        method.getAnnotation(Loses.class),
        method.getAnnotation(UndoneBy.class),
        method.getAnnotation(NotUndone.class),
        List.of(method.getAnnotationsByType(Risky.class)),
        notifies,
        tool != null && tool.openWorld() && notifies == null,
        endpoint.method().equals("DELETE") || method.isAnnotationPresent(TakesAway.class),
        method.getAnnotation(Secret.class));
  }

  /** Whether the object already has every value that the operation sets; false if it sets none. */
  public boolean isAlreadySet(JsonNode object) {
    return !sets.isEmpty()
        && sets.entrySet().stream()
            .allMatch(field -> field.getValue().equals(object.get(field.getKey())));
  }

  /** Whether a call with these arguments ends sessions of users that it names. */
  public boolean endsSessions(JsonNode arguments) {
    List<Dependent> dependents = loses == null ? List.of() : List.of(loses.also());
    return dependents.contains(Dependent.SESSIONS)
        || dependents.contains(Dependent.EVERYTHING_OF_USER)
        || (dependents.contains(Dependent.SESSIONS_IF_ASKED)
            && SIGN_OUT_OPTIONS.stream().anyMatch(name -> arguments.path(name).asBoolean()));
  }

  /** The people or objects of a bulk call; of any other, the arguments themselves. */
  public List<JsonNode> entries(ObjectNode arguments) {
    JsonNode list =
        endpoint.payload() instanceof Payload.JsonValue body
            ? arguments.path(body.argument())
            : arguments.path("user_ids");
    return list.isArray() ? list.valueStream().toList() : List.of(arguments);
  }

  /** Whether a call with these arguments may send a message to somebody. */
  public boolean maySendMessage(ObjectNode arguments) {
    return entries(arguments).stream().anyMatch(this::sendsMessage)
        || (notifies != null && Arrays.stream(notifies.perhapsWith()).anyMatch(arguments::has));
  }

  /** Whether a call with these arguments, or this entry of a bulk call, sends a message. */
  public boolean sendsMessage(JsonNode arguments) {
    return notifies != null
        && (notifies.when().isEmpty() || holds(notifies.when(), arguments))
        && (notifies.unless().isEmpty() || !holds(notifies.unless(), arguments));
  }

  /** The defaults that a call with these arguments leaves to Clerk: {@code verified: true}. */
  public List<String> defaults(JsonNode arguments) {
    return defaults.stream()
        .filter(left -> !arguments.hasNonNull(left.argument()))
        .filter(left -> left.with().isEmpty() || arguments.hasNonNull(left.with()))
        .map(left -> "%s: %s".formatted(left.argument(), left.value()))
        .toList();
  }

  /** The fixed sentence about what a call with these arguments loses; null if it has none. */
  public @Nullable String loss(JsonNode arguments) {
    if (loses == null || loses.value().isEmpty()) {
      return null;
    }
    return loses.when().isEmpty() || holds(loses.when(), arguments) ? loses.value() : null;
  }

  /** The risks that a call can have with some arguments, in the order of {@link Risk}. */
  static SortedSet<Risk> possible(Collection<Risky> declared) {
    SortedSet<Risk> possible = new TreeSet<>();
    declared.forEach(risk -> possible.add(risk.value()));
    return possible;
  }

  /** Whether one call of the operation needs no question, although it has risks. */
  public boolean needsNoQuestion() {
    return !risks.isEmpty() && risks.stream().noneMatch(Risky::asked);
  }

  /**
   * The place of a value among the arguments that raise a risk, as they are declared: the most
   * dangerous first. Values of arguments that raise none by themselves come after all others.
   *
   * @param path the keys that lead to the value, as in {@code invitations.redirect_url}
   */
  public int placeAmongRisks(String path) {
    List<String> raising = risks.stream().flatMap(risk -> arguments(risk).stream()).toList();
    for (int place = 0; place < raising.size(); place++) {
      String name = raising.get(place);
      if (path.equals(name) || path.startsWith(name + ".") || path.startsWith(name + "[")) {
        return place;
      }
    }
    return raising.size();
  }

  /** The risks that every call has. */
  static SortedSet<Risk> certain(Collection<Risky> declared) {
    SortedSet<Risk> certain = new TreeSet<>();
    for (Risky risk : declared) {
      if (risk.when().length == 0 && risk.check() == RiskCheck.NONE) {
        certain.add(risk.value());
      }
    }
    return certain;
  }

  /** Whether the arguments raise a risk; {@link Risky#check} is not considered. */
  public static boolean isRaised(Risky risk, JsonNode arguments) {
    return risk.when().length == 0
        || Arrays.stream(risk.when()).anyMatch(condition -> holds(condition, arguments));
  }

  /** The names of the arguments that raise a risk; empty if every call has it. */
  public static List<String> arguments(Risky risk) {
    return Arrays.stream(risk.when()).map(condition -> condition.split(" = ", 2)[0]).toList();
  }

  private static boolean holds(String condition, JsonNode arguments) {
    String[] parts = condition.split(" = ", 2);
    int dot = parts[0].indexOf('.');
    if (dot > 0) {
      String entry = condition.substring(dot + 1);
      return arguments
          .path(parts[0].substring(0, dot))
          .valueStream()
          .anyMatch(e -> holds(entry, e));
    }
    return parts.length == 1
        ? arguments.has(parts[0])
        : value(parts[1]).equals(arguments.get(parts[0]));
  }

  /**
   * The operation that undoes this one, which may be the same.
   *
   * @throws IllegalStateException if no operation undoes this one
   */
  public Endpoint inverse() {
    if (undoneBy == null) {
      throw new IllegalStateException(endpoint.route() + " is not undone by an operation");
    }
    return undoneBy.value().isEmpty() ? endpoint : Endpoint.parse(undoneBy.value());
  }

  /** The operation that creates an item of one of the {@link UndoneBy#contents}. */
  public Endpoint creation(String content) {
    return content.equals(MEMBERSHIPS_OF_USER)
        ? Endpoint.parse("POST /organizations/{organization_id}/memberships")
        : Endpoint.parse("POST " + endpoint.path() + "/" + content);
  }

  private static SortedMap<String, JsonNode> parse(@Nullable Sets sets) {
    SortedMap<String, JsonNode> values = new TreeMap<>();
    for (String assignment : sets == null ? new String[0] : sets.value()) {
      String[] parts = assignment.split(" = ", 2);
      values.put(parts[0], value(parts[1]));
    }
    return Collections.unmodifiableSortedMap(values);
  }

  private static JsonNode value(String text) {
    return text.equals("true") || text.equals("false")
        ? BooleanNode.valueOf(Boolean.parseBoolean(text))
        : TextNode.valueOf(text);
  }
}
