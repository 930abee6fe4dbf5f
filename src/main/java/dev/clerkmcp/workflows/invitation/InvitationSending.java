package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.workflows.support.Chunks;
import dev.clerkmcp.workflows.support.StopPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Sends invitations in portions and notes what becomes of each. Clerk takes a portion whole or not
 * at all, so one that it refuses is sent singly; one of which nobody knows whether it was taken is
 * not sent again.
 *
 * @param <D> what Clerk is given for one invitation
 */
final class InvitationSending<D> {
  /** The most invitations that Clerk takes at once. */
  private static final int PORTION = 10;

  /** Refusals that say that nothing had to be sent, and why. */
  private static final Map<String, String> ALREADY_THERE =
      Map.of(
          "already_a_member_in_organization", InvitationReport.MEMBER,
          "duplicate_record", InvitationReport.INVITED,
          "form_identifier_exists", InvitationReport.USER,
          "organization_invitation_not_unique", InvitationReport.INVITED);

  private final Function<D, String> address;
  private final Function<List<D>, JsonNode> many;
  private final Function<D, JsonNode> one;
  private final InvitationReport report;

  /** Whether anything has really been sent; a rehearsal never gets so far. */
  private boolean reachedClerk;

  InvitationSending(
      Function<D, String> address,
      Function<List<D>, JsonNode> many,
      Function<D, JsonNode> one,
      InvitationReport report) {
    this.address = address;
    this.many = many;
    this.one = one;
    this.report = report;
  }

  /**
   * Sends them until all are sent, or something stops the rest; a cancelled call sends no more.
   *
   * @throws RefusedException if a guard does not let the first one pass; nothing was sent then
   * @throws ClerkException if Clerk would take none; nothing was sent then
   */
  void run(List<D> drafts) {
    int done = 0;
    for (List<D> portion : Chunks.of(drafts, PORTION)) {
      Invocation.current().doing("Invited %s of %s".formatted(done, drafts.size()));
      if (!send(portion)) {
        return;
      }
      done += portion.size();
    }
  }

  /** Sends a portion; false if nothing else is to be sent. */
  private boolean send(List<D> portion) {
    try {
      JsonNode answer = many.apply(portion);
      reachedClerk |= answer.isArray() || answer.has("data");
      report.sent(addresses(portion));
      return true;
    } catch (RefusedException e) {
      if (!reachedClerk) {
        throw e;
      }
      report.stopped(e);
      return false;
    } catch (ClerkException e) {
      if (stopsSending(portion, e)) {
        return stop(portion, e);
      }
      reachedClerk = true;
      if (portion.size() == 1) {
        refused(portion.get(0), e);
        return true;
      }
      return sendSingly(portion, e);
    }
  }

  /** Sends a refused portion one by one; false if nothing else is to be sent. */
  private boolean sendSingly(List<D> portion, ClerkException refusal) {
    Set<String> reasons = new HashSet<>();
    ClerkException last = refusal;
    for (int i = 0; i < portion.size(); i++) {
      D draft = portion.get(i);
      try {
        JsonNode unused = one.apply(draft); // that there is one says it all
        reasons.add(""); // some are taken
        report.sent(addresses(List.of(draft)));
      } catch (RefusedException e) { // such as when a person confirmed the portion only
        Invocation.current()
            .note(
                "Clerk refused %s addresses as a whole, and they could not be sent singly: %s"
                    .formatted(portion.size() - i, e.getMessage()));
        report.failed(addresses(portion.subList(i, portion.size())), refusal);
        return true;
      } catch (ClerkException e) {
        if (stopsSending(List.of(draft), e)) {
          return stop(List.of(draft), e);
        }
        refused(draft, e);
        reasons.add(e.code() + " " + e.parameter());
        last = e;
      }
    }
    if (reasons.size() == 1 && !isOfAddress(last)) {
      report.stoppedForAll(last);
      return false;
    }
    return true;
  }

  /** A full organization may have room for some of a portion, but not for one after it lacks it. */
  private boolean stopsSending(List<D> sent, ClerkException e) {
    boolean full = e.status() == 403 && e.code().contains("quota_exceeded");
    return e.outcomeUnknown() || StopPolicy.stops(e) || (full && sent.size() == 1);
  }

  private boolean stop(List<D> concerned, ClerkException e) {
    if (e.outcomeUnknown()) {
      report.unknown(addresses(concerned), e);
    } else if (reachedClerk) {
      report.stopped(e);
    } else {
      throw e;
    }
    return false;
  }

  private void refused(D draft, ClerkException e) {
    String as = ALREADY_THERE.get(e.code());
    if (as == null) {
      report.failed(addresses(List.of(draft)), e);
    } else {
      report.alreadyThere(as, Set.of(address.apply(draft)));
    }
  }

  /** Whether the refusal is about the address, and so about nobody else. */
  private static boolean isOfAddress(ClerkException e) {
    String parameter = e.parameter();
    return ALREADY_THERE.containsKey(e.code())
        || (parameter != null && parameter.endsWith("email_address"));
  }

  private List<String> addresses(List<D> drafts) {
    return drafts.stream().map(address).toList();
  }
}
