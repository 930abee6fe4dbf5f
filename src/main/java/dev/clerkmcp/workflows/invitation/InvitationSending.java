package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.registry.Chunks;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.workflows.support.ErrorCodes;
import dev.clerkmcp.workflows.support.ErrorCodes.Existing;
import dev.clerkmcp.workflows.support.StopPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Sends invitations in chunks and records the outcome of each. Clerk accepts or refuses a chunk as
 * a whole, so the invitations of a refused chunk are sent one by one. A chunk with an unknown
 * outcome is not sent again, since people would get two emails.
 *
 * @param <D> the body of one invitation
 */
final class InvitationSending<D> {
  /** The most invitations that Clerk accepts in one request. */
  private static final int CHUNK = 10;

  private final Function<D, String> address;
  private final Function<List<D>, JsonNode> many;
  private final Function<D, JsonNode> one;
  private final InvitationReport report;
  private final StopPolicy policy = new StopPolicy();

  /** Whether a request has reached Clerk. In a dry run, none does. */
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
   * Sends the invitations until all are sent or something stops the rest.
   *
   * @throws RefusedException if an interceptor refuses the first request; nothing was sent
   * @throws ClerkException if the first refusal stops all of them; nothing was sent
   */
  void run(List<D> drafts) {
    int done = 0;
    for (List<D> chunk : Chunks.of(drafts, CHUNK)) {
      Invocation.current().doing("Invited %s of %s".formatted(done, drafts.size()));
      if (!send(chunk)) {
        return;
      }
      done += chunk.size();
    }
  }

  /** Sends a chunk; returns false if nothing more must be sent. */
  private boolean send(List<D> chunk) {
    try {
      JsonNode answer = many.apply(chunk);
      reachedClerk |= answer.isArray() || answer.has("data");
      report.sent(addresses(chunk));
      return true;
    } catch (RefusedException e) {
      if (!reachedClerk) {
        throw e;
      }
      report.stopped(e);
      return false;
    } catch (ClerkException e) {
      if (stopsSending(chunk, e)) {
        return stop(chunk, e);
      }
      reachedClerk = true;
      if (chunk.size() == 1) {
        refused(chunk.get(0), e);
        return true;
      }
      return sendSingly(chunk, e);
    }
  }

  /** Sends a refused chunk one by one; returns false if nothing more must be sent. */
  private boolean sendSingly(List<D> chunk, ClerkException refusal) {
    Set<String> reasons = new HashSet<>();
    ClerkException last = refusal;
    for (int i = 0; i < chunk.size(); i++) {
      D draft = chunk.get(i);
      try {
        JsonNode unused = one.apply(draft); // only the success matters
        reasons.add(""); // not every invitation is refused
        report.sent(addresses(List.of(draft)));
      } catch (RefusedException e) { // for example, a person confirmed only the chunk
        Invocation.current()
            .note(
                "Clerk refused %s addresses as a whole, and they could not be sent one by one: %s"
                    .formatted(chunk.size() - i, e.getMessage()));
        report.failed(addresses(chunk.subList(i, chunk.size())), refusal);
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

  /**
   * Whether nothing more must be sent. A full organization may have room for a part of a chunk, but
   * not after it refused a single invitation. The refusal of a chunk may be about one of its
   * addresses, so it does not count as an item for the policy.
   */
  private boolean stopsSending(List<D> sent, ClerkException e) {
    boolean single = sent.size() == 1;
    StopPolicy.Reach reach = (single ? policy : new StopPolicy()).reach(e);
    return e.outcomeUnknown() || reach != StopPolicy.Reach.ITEM || (single && ErrorCodes.isFull(e));
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
    Existing as = ErrorCodes.findExisting(e);
    boolean onlyClaimed = as != Existing.INVITED && report.isClaimed(address.apply(draft));
    if (as == null || onlyClaimed) {
      report.failed(addresses(List.of(draft)), e);
    } else {
      report.alreadyThere(as, Set.of(address.apply(draft)));
    }
  }

  /** Whether the refusal is about the address, so that other addresses may still be accepted. */
  private static boolean isOfAddress(ClerkException e) {
    String parameter = e.parameter();
    return ErrorCodes.findExisting(e) != null
        || (parameter != null && parameter.endsWith("email_address"));
  }

  private List<String> addresses(List<D> drafts) {
    return drafts.stream().map(address).toList();
  }
}
