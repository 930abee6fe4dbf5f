package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.Routes;
import dev.clerkmcp.sandbox.handlers.user.Identifications.ContactType;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Handles the endpoints of email addresses and phone numbers: adds, verifies and deletes them, and
 * makes them primary.
 */
public final class Contacts {
  /**
   * The code of every verification. The sandbox sends nothing, so it treats every address as a test
   * address.
   *
   * @see <a
   *     href="https://clerk.com/docs/guides/development/testing/test-emails-and-phones">Clerk</a>
   */
  private static final String TEST_CODE = "424242";

  private static final Duration CODE_LIFETIME = Duration.ofMinutes(10);

  private final HandlerContext context;
  private final Table users;
  private final Identifications identifications;
  private final UserCredentials credentials;

  public Contacts(
      HandlerContext context, Identifications identifications, UserCredentials credentials) {
    this.context = context;
    this.users = context.table(ObjectKind.USER);
    this.identifications = identifications;
    this.credentials = credentials;
  }

  public void register(Routes routes) {
    for (ContactType type : ContactType.values()) {
      String all = "/" + type.list();
      String one = "%s/{%s_id}".formatted(all, type.field());
      routes
          .on("POST " + all, request -> create(type, request))
          .on("GET " + one, request -> contact(type, owner(type, request), request))
          .on("PATCH " + one, request -> update(type, request))
          .on("DELETE " + one, request -> delete(type, request))
          .on("POST " + one + "/prepare_verification", request -> prepare(type, request))
          .on("POST " + one + "/attempt_verification", request -> attempt(type, request))
          .on("PUT /users/{user_id}/" + type.field(), request -> replace(type, request));
    }
  }

  private JsonNode create(ContactType type, ApiRequest request) {
    ObjectNode owner = users.find(Objects.requireNonNull(request.text("user_id")));
    if (owner == null) {
      throw ApiError.notFound("user", request.field("user_id"));
    }
    String text = Objects.requireNonNull(request.text(type.field()));
    String status = request.flag("verified", false) ? "verified" : "unverified";
    ObjectNode[] added = new ObjectNode[1];
    users.change(
        owner.path("id").asText(),
        user -> {
          added[0] = identifications.add(user, type, text, status);
          set(user, type, added[0], request);
        });
    return added[0];
  }

  private JsonNode update(ContactType type, ApiRequest request) {
    return change(
        type,
        request,
        (user, contact) -> {
          if (request.has("verified")) {
            boolean verified = request.flag("verified", false);
            contact.set("verification", verified ? Identifications.verifiedByAdmin() : null);
          }
          set(user, type, contact, request);
        });
  }

  private void set(ObjectNode user, ContactType type, ObjectNode contact, ApiRequest request) {
    boolean first = user.path(type.primary()).isNull() && ClerkUser.isVerified(contact);
    if (first || request.flag("primary", false)) {
      Identifications.makePrimary(user, type.primary(), contact);
    }
    if (request.has("reserved_for_second_factor")) {
      boolean reserved = request.flag("reserved_for_second_factor", false);
      if (reserved && !ClerkUser.isVerified(contact)) {
        throw ApiError.of(
            400,
            "identification_update_second_factor_unverified",
            "A phone number must be verified before it can be a second factor.");
      }
      contact.put("reserved_for_second_factor", reserved);
      contact.put("default_second_factor", reserved);
      credentials.updateTwoFactor(user);
    }
  }

  private JsonNode delete(ContactType type, ApiRequest request) {
    String id = id(type, request);
    users.change(
        owner(type, request).path("id").asText(),
        user -> {
          identifications.remove(user, type.list(), type.primary(), id);
          credentials.updateTwoFactor(user);
        });
    return Json.object().put("object", type.field()).put("id", id).put("deleted", true);
  }

  /** Makes the given address the only one of the user. */
  private JsonNode replace(ContactType type, ApiRequest request) {
    String text = type.checked(Objects.requireNonNull(request.text(type.field())));
    String status =
        request.has("identification_status") ? request.field("identification_status") : "verified";
    ObjectNode[] only = new ObjectNode[1];
    users.change(
        request.variable("user_id"),
        user -> {
          user.putArray(type.list());
          only[0] = identifications.add(user, type, text, status);
          user.set(type.primary(), only[0].get("id"));
          credentials.updateTwoFactor(user);
        });
    return only[0];
  }

  private JsonNode prepare(ContactType type, ApiRequest request) {
    if (ClerkUser.isVerified(contact(type, owner(type, request), request))) {
      throw alreadyVerified();
    }
    String verificationId = context.store().newId("ver_");
    ObjectNode changed =
        change(
            type,
            request,
            (user, contact) -> {
              contact.set("verification", code(type, "unverified"));
              HandlerContext.hidden(contact).put("verification_id", verificationId);
            });
    return answer(changed, verificationId);
  }

  private JsonNode attempt(ContactType type, ApiRequest request) {
    ObjectNode contact = contact(type, owner(type, request), request);
    if (ClerkUser.isVerified(contact)) {
      throw alreadyVerified();
    }
    String verificationId = contact.path(Store.HIDDEN).path("verification_id").asText();
    if (!verificationId.equals(request.text("verification_id"))) {
      throw ApiError.of(400, "verification_not_sent", "No code was sent for this verification_id.");
    }
    if (contact.path("verification").path("expire_at").asLong() < context.now()) {
      throw ApiError.of(400, "verification_expired", "The code has expired; prepare a new one.");
    }
    if (!TEST_CODE.equals(request.text("code"))) {
      throw ApiError.invalid("form_code_incorrect", "code", "The code is wrong.");
    }
    ObjectNode changed =
        change(
            type,
            request,
            (user, verified) -> {
              verified.set("verification", code(type, "verified"));
              if (user.path(type.primary()).isNull()) {
                Identifications.makePrimary(user, type.primary(), verified);
              }
            });
    return answer(changed, verificationId);
  }

  private ObjectNode code(ContactType type, String status) {
    return Json.object()
        .put("object", "verification_otp")
        .put("status", status)
        .put("strategy", type.strategy())
        .put("attempts", status.equals("verified") ? 1 : 0)
        .put("expire_at", context.now() + CODE_LIFETIME.toMillis());
  }

  private static JsonNode answer(ObjectNode contact, String verificationId) {
    ObjectNode answer = contact.withObjectProperty("verification").deepCopy();
    return answer.put("id", verificationId).putNull("channel");
  }

  private static ApiError alreadyVerified() {
    return ApiError.of(400, "verification_already_verified", "It is verified already.");
  }

  private ObjectNode change(
      ContactType type, ApiRequest request, BiConsumer<ObjectNode, ObjectNode> change) {
    ObjectNode changed =
        users.change(
            owner(type, request).path("id").asText(),
            user -> {
              ObjectNode contact = contact(type, user, request);
              contact.put("updated_at", context.now());
              change.accept(user, contact);
            });
    return contact(type, changed, request);
  }

  private ObjectNode contact(ContactType type, ObjectNode owner, ApiRequest request) {
    ObjectNode contact = Identifications.find(owner, type.list(), id(type, request));
    if (contact == null) {
      throw ApiError.notFound(type.field(), id(type, request));
    }
    return contact;
  }

  private ObjectNode owner(ContactType type, ApiRequest request) {
    ObjectNode owner = users.findBy("identification", id(type, request));
    if (owner == null) {
      throw ApiError.notFound(type.field(), id(type, request));
    }
    return owner;
  }

  private static String id(ContactType type, ApiRequest request) {
    return request.variable(type.field() + "_id");
  }
}
