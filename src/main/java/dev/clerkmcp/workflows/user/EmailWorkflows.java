package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.UPDATE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.text.QuotedText;
import dev.clerkmcp.tools.EmailAddressTools;
import dev.clerkmcp.tools.EmailAddressTools.EmailAddressOptions;
import dev.clerkmcp.tools.UserSecurityTools;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.AddressOwners;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Changes the primary email address of a user. */
@ToolGroup(id = "workflows")
public final class EmailWorkflows {
  private static final String DELETE = "clerk_email_address_delete";
  private static final String DISCONNECT = "clerk_user_external_account_delete";
  private static final String WAITS =
      "The user has the address but has not verified it, so it is not primary. When the user has"
          + " verified it, or with verified: true, call again.";

  private static final String CHANGED = "changed";
  private static final String EMAIL_ADDRESS = "email_address";

  private final UserTools users;
  private final EmailAddressTools emails;
  private final UserSecurityTools accounts;

  public EmailWorkflows(UserTools users, EmailAddressTools emails, UserSecurityTools accounts) {
    this.users = users;
    this.emails = emails;
    this.accounts = accounts;
  }

  // "verified" has no default: the owner of a verified address can sign in with it.
  @Tool(
      name = "clerk_user_change_email",
      title = "Change user email",
      effect = UPDATE,
      core = true,
      openWorld = true,
      sends = {
        "DELETE /email_addresses/{email_address_id}",
        "DELETE /users/{user_id}/external_accounts/{external_account_id}",
        "PATCH /email_addresses/{email_address_id}",
        "POST /email_addresses"
      })
  @Description("Give a user another primary email address, new or existing.")
  public JsonNode change(
      @Arg("user_...") String userId,
      @Arg(value = "New primary", email = true) String emailAddress,
      @Arg("true: sign-in works at once, without proof; false: primary after they verify it")
          boolean verified,
      @Arg("Delete the old primary for good") @Nullable Boolean removeOld,
      @Arg("Accounts that use the old one too") @Nullable Boolean disconnect,
      @Arg("Email the old primary") @Nullable Boolean notify) {
    EmailAddress wanted = EmailAddress.of(emailAddress);
    String address = wanted.text();
    ClerkUser user = new ClerkUser(users.get(userId));
    Contact own = user.findEmail(wanted);
    boolean wasVerified = own != null && own.isVerified();
    boolean becomesPrimary = verified || wasVerified;
    boolean removesOld = Boolean.TRUE.equals(removeOld);
    if (Boolean.TRUE.equals(disconnect) && !removesOld) {
      throw InvalidArgumentsException.of(
          "disconnect", "is only for remove_old: true, which deletes the address that they use");
    }
    if (removesOld && !becomesPrimary) {
      throw InvalidArgumentsException.of(
          "remove_old", "must wait until the new address is verified and primary");
    }
    if (own == null || (verified && !wasVerified)) {
      checkFree(userId, address);
    }
    Contact old = user.findPrimary(Identifier.EMAIL_ADDRESS);
    List<String> connected =
        removesOld && old != null && !old.equals(own)
            ? connected(user, old, Boolean.TRUE.equals(disconnect))
            : List.of();
    ObjectNode answer = Json.object().put("user_id", userId);
    if (own != null && (!becomesPrimary || (wasVerified && own.equals(old)))) {
      answer.set(CHANGED, Json.array());
      answer.set(EMAIL_ADDRESS, shown(own));
      Invocation.current().note(becomesPrimary ? settled(removesOld) : WAITS);
      return answer;
    }
    Invocation.current().checkCancelled();
    EmailAddressOptions options =
        new EmailAddressOptions(
            wasVerified ? null : verified, becomesPrimary, becomesPrimary ? notify : null);
    JsonNode changed =
        own == null ? emails.create(userId, address, options) : emails.update(own.id(), options);
    ObjectNode shown =
        Json.object()
            .put("id", own == null ? changed.path("id").asText() : own.id())
            .put("email", address)
            .put("verified", becomesPrimary);
    if (!becomesPrimary) {
      answer.set("added", shown);
      Invocation.current().note(WAITS);
      return answer;
    }
    ObjectNode row = answer.putArray(CHANGED).addObject();
    if (own != null && own.equals(old)) { // it was primary without being verified
      row.put("field", "verified").put("before", false).put("after", true);
    } else {
      row.put("field", "primary_email_address")
          .put("before", old == null ? null : old.value())
          .put("after", address);
    }
    answer.set(EMAIL_ADDRESS, shown);
    if (Boolean.TRUE.equals(notify) && old != null && !old.equals(own)) {
      answer.put("messages_sent", 1);
    }
    if (removesOld && old != null && !old.equals(own)) {
      remove(userId, connected, old, answer);
    }
    return answer;
  }

  /** The accounts, such as Google's, that use an address and keep it from being deleted. */
  private static List<String> connected(ClerkUser user, Contact email, boolean disconnect) {
    List<String> connected = new ArrayList<>();
    for (JsonNode link : email.json().path("linked_to")) {
      String account = user.findAccount(link.path("id").asText());
      if (!disconnect || account == null) {
        throw InvalidArgumentsException.of(
            "remove_old",
            "is refused by Clerk while a connected account (%s) uses %s; %s"
                .formatted(
                    QuotedText.plain(link.path("type").asText()),
                    QuotedText.plain(email.value()),
                    account == null
                        ? "leave it out"
                        : "leave it out, or add disconnect: true, which ends sign-in with that"
                            + " account"
                            + afterwards(user, account)));
      }
      connected.add(account);
    }
    return connected;
  }

  /** How the user signs in without an account. */
  private static String afterwards(ClerkUser user, String account) {
    List<String> left = user.withoutAccount(account).firstFactors();
    return left.isEmpty()
        ? "; the person then signs in by codes or links to the new address, if the instance sends"
            + " them (the Dashboard tells, no tool does)"
        : "; left is " + QuotedText.plain(String.join(", ", left));
  }

  /**
   * Checks that the address is no other user's. Clerk's refusal would not say whose it is. A user
   * who has not verified the address does not keep others from it.
   */
  private void checkFree(String userId, String address) {
    ClerkUser owner = AddressOwners.of(List.of(address), users).users().get(address);
    if (owner != null && !owner.id().equals(userId)) {
      throw InvalidArgumentsException.of(
          EMAIL_ADDRESS,
          "is an address of another user, %s; delete it there first with %s, or use another"
              .formatted(owner.id(), DELETE));
    }
  }

  /** Disconnects the accounts that use the old address, then deletes it. */
  private void remove(String userId, List<String> connected, Contact old, ObjectNode answer) {
    for (String account : connected) {
      step(
          "the account %s, which uses the old one".formatted(account),
          "disconnected, and the old one was not deleted",
          DISCONNECT + ", then " + DELETE,
          answer,
          () -> accounts.deleteExternalAccount(userId, account));
      answer.withArray("disconnected").add(account);
    }
    step("the old one, " + old.id(), "deleted", DELETE, answer, () -> emails.delete(old.id()));
    answer.putArray("removed_email_addresses").add(old.value());
  }

  /**
   * Takes a step after the new address became primary.
   *
   * @param what the step is about
   * @param deed what is done to it, and what follows if it fails
   * @param next the tools that go on after a failure
   */
  private static void step(
      String what, String deed, String next, ObjectNode answer, Supplier<JsonNode> request) {
    Invocation.current().checkCancelled();
    try {
      JsonNode unused = request.get();
    } catch (ClerkException e) {
      String was = e.outcomeUnknown() ? "may or may not have been" : "was not";
      throw new PartialFailureException(half(what, was, deed, next), answer, e);
    } catch (RefusedException e) {
      throw new PartialFailureException(half(what, "was not", deed, next), answer, e);
    }
  }

  private static String half(String what, String was, String deed, String next) {
    return "The new address is primary; %s, %s %s. To go on: %s.".formatted(what, was, deed, next);
  }

  private static String settled(boolean removesOld) {
    String settled = "It is already the primary address; nothing was changed.";
    return removesOld
        ? settled + " Which one was primary before is not known: delete by ID with " + DELETE + "."
        : settled;
  }

  private static ObjectNode shown(Contact email) {
    return Json.object()
        .put("id", email.id())
        .put("email", email.value())
        .put("verified", email.isVerified());
  }
}
