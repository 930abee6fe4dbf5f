package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.workflows.support.BatchRunner;
import dev.clerkmcp.workflows.support.EmailList;
import dev.clerkmcp.workflows.support.ErrorCodes.Existing;
import dev.clerkmcp.workflows.support.Rows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records the outcome of each address of a list. Every address has exactly one outcome. */
final class InvitationReport {
  private static final String AGAIN =
      "call again with the same arguments; addresses that are invited by then are skipped.";

  private static final String ONE_EACH =
      " Give each address as an item of its own; on the command line, repeat emails=.";

  private final EmailList emails;
  private final Set<String> open;
  private final List<String> sent = new ArrayList<>();
  private final Map<Existing, List<String>> alreadyThere = new EnumMap<>(Existing.class);
  private final Map<Failure, List<String>> failed = new LinkedHashMap<>();
  private Set<String> claimed = Set.of();
  private final List<String> unknown = new ArrayList<>();
  private @Nullable ObjectNode stop;
  private @Nullable ClerkException firstFailure;

  InvitationReport(EmailList emails) {
    this.emails = emails;
    this.open = new LinkedHashSet<>(emails.valid());
    if (!emails.invalid().isEmpty()) {
      Failure failure =
          new Failure(
              null,
              "invalid_email_address",
              "Not sent: not an email address." + oneEach(emails.invalid()));
      failed.put(failure, new ArrayList<>(emails.invalid()));
    }
  }

  /** How to give several addresses, if a text that is no address seems to hold several. */
  static String oneEach(List<String> invalid) {
    return invalid.stream().anyMatch(InvitationReport::holdsSeveral) ? ONE_EACH : "";
  }

  private static boolean holdsSeveral(String text) {
    return text.indexOf('@') != text.lastIndexOf('@');
  }

  /** Why an address was not invited; the status is null if Clerk was not asked. */
  private record Failure(@Nullable Integer status, String code, String reason) {}

  /** The addresses without an outcome. */
  List<String> open() {
    return List.copyOf(open);
  }

  void sent(Collection<String> addresses) {
    close(addresses, sent);
  }

  /** Records addresses that need no invitation, for the given reason. */
  void alreadyThere(Existing as, Set<String> addresses) {
    if (!addresses.isEmpty()) {
      List<String> inOrder = open.stream().filter(addresses::contains).toList();
      close(inOrder, alreadyThere.computeIfAbsent(as, missing -> new ArrayList<>()));
    }
  }

  /**
   * Takes the addresses that a user has without having verified them. They are no user's, so they
   * are invited.
   */
  void claimed(Set<String> addresses) {
    claimed = addresses;
  }

  boolean isClaimed(String address) {
    return claimed.contains(address);
  }

  /**
   * Adds the addresses that are left out to the plan; tells in plan and answer which ones are only
   * claimed.
   */
  void warn() {
    Invocation call = Invocation.current();
    List<String> unproven = open.stream().filter(claimed::contains).toList();
    if (!unproven.isEmpty()) {
      String sentence =
          "A user has this address but has not verified it, so it is invited: %s."
              .formatted(shown(unproven));
      call.warn(sentence);
      call.note(sentence);
    }
    failed.forEach(
        (failure, addresses) ->
            call.warn(
                "Not an email address: %s.%s"
                    .formatted(shown(addresses), oneEach(emails.invalid()))));
    alreadyThere.forEach(
        (as, addresses) ->
            call.warn("Skipped, already there (%s): %s.".formatted(as.word(), shown(addresses))));
  }

  private static String shown(List<String> addresses) {
    return QuotedText.first(addresses.stream().map(QuotedText::plain).toList());
  }

  void failed(Collection<String> addresses, ClerkException e) {
    firstFailure = firstFailure == null ? e : firstFailure;
    Failure failure = new Failure(e.status(), e.code(), e.reason());
    close(addresses, failed.computeIfAbsent(failure, missing -> new ArrayList<>()));
  }

  /** Records addresses with an unknown outcome, which may have been invited. */
  void unknown(Collection<String> addresses, ClerkException e) {
    firstFailure = firstFailure == null ? e : firstFailure;
    close(addresses, unknown);
    stop =
        Rows.error(e)
            .put("next", "The unknown ones may have been invited. Wait a moment, then " + AGAIN);
  }

  /** Records that Clerk accepts no more invitations for now. */
  void stopped(ClerkException e) {
    ObjectNode json = Rows.error(e);
    Rows.addWait(json, e);
    stop =
        json.put(
            "next", (e.status() == 429 ? "After that time, " : "Correct the cause, then ") + AGAIN);
  }

  /** Records that an interceptor stopped the rest. */
  void stopped(RefusedException e) {
    stop =
        Json.object()
            .put("code", e.code())
            .put("reason", e.getMessage())
            .put("next", "Correct the cause, then " + AGAIN);
  }

  /** Records that Clerk refused a whole chunk for a reason that holds for every address. */
  void stoppedForAll(ClerkException e) {
    stop =
        Rows.error(e)
            .put(
                "next",
                "Clerk refused every address of a chunk for this reason, so the rest were not sent."
                    + " Correct the arguments, then call again with all addresses.");
  }

  /**
   * The outcome of every address.
   *
   * @throws PartialFailureException if Clerk refused invitations and took none
   */
  ObjectNode finish() {
    return BatchRunner.report(toJson(), !sent.isEmpty(), firstFailure);
  }

  private ObjectNode toJson() {
    ObjectNode json = Json.object();
    ObjectNode counts = json.putObject("counts").put("given", emails.given());
    count(counts, "repeated", emails.repeated());
    counts.put("sent", sent.size());
    count(counts, "already_there", size(alreadyThere.values()));
    count(counts, "failed", size(failed.values()));
    count(counts, "unknown", unknown.size());
    count(counts, "not_sent", open.size());
    if (stop != null) {
      json.set("stopped", stop);
    }
    if (!failed.isEmpty()) {
      ArrayNode rows = json.putArray("failed");
      failed.forEach((failure, addresses) -> add(rows.addObject(), failure, addresses));
    }
    list(json, "unknown", unknown);
    list(json, "not_sent", open);
    if (!alreadyThere.isEmpty()) {
      ObjectNode groups = json.putObject("already_there");
      alreadyThere.forEach((as, addresses) -> list(groups, as.word(), addresses));
    }
    list(json, "sent", sent);
    return json;
  }

  private void close(Collection<String> addresses, List<String> outcome) {
    open.removeAll(addresses);
    outcome.addAll(addresses);
  }

  private static void add(ObjectNode row, Failure failure, List<String> addresses) {
    if (failure.status() != null) {
      row.put("status", failure.status());
    }
    row.put("code", failure.code()).put("reason", failure.reason());
    list(row, "emails", addresses);
  }

  private static int size(Collection<List<String>> groups) {
    return groups.stream().mapToInt(List::size).sum();
  }

  private static void count(ObjectNode counts, String name, int count) {
    if (count > 0) {
      counts.put(name, count);
    }
  }

  private static void list(ObjectNode json, String name, Collection<String> addresses) {
    if (!addresses.isEmpty()) {
      addresses.forEach(json.putArray(name)::add);
    }
  }
}
