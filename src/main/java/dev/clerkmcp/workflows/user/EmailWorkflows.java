package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.UPDATE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.PartialFailureException;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.tools.EmailAddressTools;
import dev.clerkmcp.tools.EmailAddressTools.EmailAddressOptions;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.AddressHolder;
import dev.clerkmcp.workflows.support.EmailList;
import dev.clerkmcp.workflows.support.UserEmails;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes the primary email address of a user. */
@ToolGroup(id = "workflows")
public final class EmailWorkflows {
  private static final String DELETE = "clerk_email_address_delete";
  private static final String WAITS =
      "The address is theirs and not verified, so it is not primary. Once they have proven it, or"
          + " with verified: true, call again.";

  private final UserTools users;
  private final EmailAddressTools emails;

  public EmailWorkflows(UserTools users, EmailAddressTools emails) {
    this.users = users;
    this.emails = emails;
  }

  // "verified" has no default: the owner of a verified address can sign in with it.
  @Tool(
      name = "clerk_user_change_email",
      title = "Change user email",
      effect = UPDATE,
      openWorld = true)
  @Description("Give a user another primary email address, new or theirs already.")
  public JsonNode change(
      @Arg("user_...") String userId,
      @Arg("New primary") String emailAddress,
      @Arg("true: sign-in works at once, unproven; false: added, primary once they prove it")
          boolean verified,
      @Arg("Delete the old primary for good") @Nullable Boolean removeOld,
      @Arg("Email the old primary") @Nullable Boolean notify) {
    String address = EmailList.normal(emailAddress);
    if (!address.contains("@")) {
      throw InvalidArgumentsException.of("email_address", "must be an email address");
    }
    JsonNode user = users.get(userId);
    JsonNode own = UserEmails.find(user, address);
    boolean proven = own != null && UserEmails.isVerified(own);
    boolean becomesPrimary = verified || proven;
    boolean removesOld = Boolean.TRUE.equals(removeOld);
    if (removesOld && !becomesPrimary) {
      throw InvalidArgumentsException.of(
          "remove_old", "must wait until the new address is verified and primary");
    }
    if (own == null) {
      checkFree(userId, address);
    }
    JsonNode old = UserEmails.findPrimary(user);
    ObjectNode answer = Json.object().put("user_id", userId);
    if (own != null && (!becomesPrimary || (proven && own.equals(old)))) {
      answer.set(becomesPrimary ? "primary" : "added", shown(own));
      Invocation.current().note(becomesPrimary ? settled(removesOld) : WAITS);
      return answer;
    }
    Invocation.current().checkCancelled();
    EmailAddressOptions options =
        new EmailAddressOptions(
            proven ? null : verified, becomesPrimary, becomesPrimary ? notify : null);
    JsonNode changed =
        own == null ? emails.create(userId, address, options) : emails.update(id(own), options);
    ObjectNode shown =
        Json.object()
            .put("id", own == null ? id(changed) : id(own))
            .put("email", address)
            .put("verified", becomesPrimary);
    if (!becomesPrimary) {
      answer.set("added", shown);
      Invocation.current().note(WAITS);
      return answer;
    }
    if (old != null && !old.equals(own)) {
      answer.set("before", shown(old));
    }
    answer.set("after", shown);
    if (removesOld && old != null && !old.equals(own)) {
      remove(id(old), answer);
    }
    return answer;
  }

  /** Checks that no other user has the address. Clerk's refusal would not say which user has it. */
  private void checkFree(String userId, String address) {
    for (AddressHolder holder : AddressHolder.of(List.of(address), users)) {
      if (!holder.userId().equals(userId)) {
        throw InvalidArgumentsException.of(
            "email_address",
            "is an address of another user, %s; delete it there first with %s, or use another"
                .formatted(holder.userId(), DELETE));
      }
    }
  }

  private void remove(String oldId, ObjectNode answer) {
    Invocation.current().checkCancelled();
    try {
      JsonNode unused = emails.delete(oldId);
      answer.put("removed", oldId);
    } catch (ClerkException e) {
      String was = e.outcomeUnknown() ? "may or may not have been" : "was not";
      throw new PartialFailureException(half(oldId, was), answer, e);
    } catch (RefusedException e) {
      throw new PartialFailureException(half(oldId, "was not"), answer, e);
    }
  }

  private static String half(String oldId, String was) {
    return "The new address is primary; the old one, %s, %s deleted. To go on: %s."
        .formatted(oldId, was, DELETE);
  }

  private static String settled(boolean removesOld) {
    String settled = "It is their primary address already; nothing was changed.";
    return removesOld
        ? settled + " Which one was primary before is not known: delete by ID with " + DELETE + "."
        : settled;
  }

  private static ObjectNode shown(JsonNode email) {
    return Json.object()
        .put("id", id(email))
        .put("email", email.path("email_address").asText())
        .put("verified", UserEmails.isVerified(email));
  }

  private static String id(JsonNode object) {
    return object.path("id").asText();
  }
}
