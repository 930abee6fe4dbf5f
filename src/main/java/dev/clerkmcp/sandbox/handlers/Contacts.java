package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Store;
import dev.clerkmcp.sandbox.store.Table;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;

/** E-mail addresses and phone numbers: added, verified by code, made primary, deleted. */
final class Contacts {
  /**
   * Nothing is sent, so every address is a test address with Clerk's test code.
   *
   * @see <a
   *     href="https://clerk.com/docs/guides/development/testing/test-emails-and-phones">Clerk</a>
   */
  private static final String TEST_CODE = "424242";

  private static final Duration CODE_LIFETIME = Duration.ofMinutes(10);

  private final HandlerContext instance;
  private final Table users;
  private final Identifications identifications;
  private final UserCredentials credentials;

  Contacts(HandlerContext instance, Identifications identifications, UserCredentials credentials) {
    this.instance = instance;
    this.users = instance.table(ObjectKind.USER);
    this.identifications = identifications;
    this.credentials = credentials;
  }

  void register(Routes on) {
    for (ContactType medium : ContactType.values()) {
      String all = "/" + medium.list();
      String one = "%s/{%s_id}".formatted(all, medium.field());
      on.on("POST " + all, call -> create(medium, call))
          .on("GET " + one, call -> contact(medium, owner(medium, call), call))
          .on("PATCH " + one, call -> update(medium, call))
          .on("DELETE " + one, call -> delete(medium, call))
          .on("POST " + one + "/prepare_verification", call -> prepare(medium, call))
          .on("POST " + one + "/attempt_verification", call -> attempt(medium, call))
          .on("PUT /users/{user_id}/" + medium.field(), call -> replace(medium, call));
    }
  }

  private JsonNode create(ContactType medium, ApiRequest call) {
    ObjectNode owner = users.find(Objects.requireNonNull(call.text("user_id")));
    if (owner == null) {
      throw ApiError.notFound("user", call.fields().path("user_id").asText());
    }
    String text = Objects.requireNonNull(call.text(medium.field()));
    String status = call.flag("verified", false) ? "verified" : "unverified";
    ObjectNode[] added = new ObjectNode[1];
    users.change(
        owner.path("id").asText(),
        user -> {
          added[0] = identifications.add(user, medium, text, status);
          set(user, medium, added[0], call);
        });
    return added[0];
  }

  private JsonNode update(ContactType medium, ApiRequest call) {
    return change(
        medium,
        call,
        (user, contact) -> {
          if (call.has("verified")) {
            boolean verified = call.flag("verified", false);
            contact.set("verification", verified ? Identifications.verifiedByAdmin() : null);
          }
          set(user, medium, contact, call);
        });
  }

  private void set(ObjectNode user, ContactType medium, ObjectNode contact, ApiRequest call) {
    boolean first = user.path(medium.primary()).isNull() && Identifications.isVerified(contact);
    if (first || call.flag("primary", false)) {
      Identifications.makePrimary(user, medium.primary(), contact);
    }
    if (call.has("reserved_for_second_factor")) {
      boolean reserved = call.flag("reserved_for_second_factor", false);
      if (reserved && !Identifications.isVerified(contact)) {
        throw ApiError.of(
            400,
            "identification_update_second_factor_unverified",
            "A phone number must be verified before it can be a second factor.");
      }
      contact.put("reserved_for_second_factor", reserved);
      contact.put("default_second_factor", reserved);
      credentials.recount(user);
    }
  }

  private JsonNode delete(ContactType medium, ApiRequest call) {
    String id = id(medium, call);
    users.change(
        owner(medium, call).path("id").asText(),
        user -> {
          identifications.remove(user, medium.list(), medium.primary(), id);
          credentials.recount(user);
        });
    return Json.object().put("object", medium.field()).put("id", id).put("deleted", true);
  }

  /** The given address becomes the only one; the user's others go. */
  private JsonNode replace(ContactType medium, ApiRequest call) {
    String text = medium.checked(Objects.requireNonNull(call.text(medium.field())));
    String status =
        call.has("identification_status")
            ? call.fields().path("identification_status").asText()
            : "verified";
    ObjectNode[] only = new ObjectNode[1];
    users.change(
        call.variable("user_id"),
        user -> {
          user.putArray(medium.list());
          only[0] = identifications.add(user, medium, text, status);
          user.set(medium.primary(), only[0].get("id"));
          credentials.recount(user);
        });
    return only[0];
  }

  private JsonNode prepare(ContactType medium, ApiRequest call) {
    if (Identifications.isVerified(contact(medium, owner(medium, call), call))) {
      throw alreadyVerified();
    }
    String verificationId = instance.store().newId("ver_");
    ObjectNode changed =
        change(
            medium,
            call,
            (user, contact) -> {
              contact.set("verification", code(medium, "unverified"));
              HandlerContext.hidden(contact).put("verification_id", verificationId);
            });
    return answer(changed, verificationId);
  }

  private JsonNode attempt(ContactType medium, ApiRequest call) {
    ObjectNode contact = contact(medium, owner(medium, call), call);
    if (Identifications.isVerified(contact)) {
      throw alreadyVerified();
    }
    String verificationId = contact.path(Store.HIDDEN).path("verification_id").asText();
    if (!verificationId.equals(call.text("verification_id"))) {
      throw ApiError.of(400, "verification_not_sent", "No code was sent for this verification_id.");
    }
    if (contact.path("verification").path("expire_at").asLong() < instance.now()) {
      throw ApiError.of(400, "verification_expired", "The code has expired; prepare a new one.");
    }
    if (!TEST_CODE.equals(call.text("code"))) {
      throw ApiError.invalid("form_code_incorrect", "code", "The code is not right.");
    }
    ObjectNode changed =
        change(
            medium,
            call,
            (user, verified) -> {
              verified.set("verification", code(medium, "verified"));
              if (user.path(medium.primary()).isNull()) {
                Identifications.makePrimary(user, medium.primary(), verified);
              }
            });
    return answer(changed, verificationId);
  }

  private ObjectNode code(ContactType medium, String status) {
    return Json.object()
        .put("object", "verification_otp")
        .put("status", status)
        .put("strategy", medium.strategy())
        .put("attempts", status.equals("verified") ? 1 : 0)
        .put("expire_at", instance.now() + CODE_LIFETIME.toMillis());
  }

  private static JsonNode answer(ObjectNode contact, String verificationId) {
    ObjectNode answer = contact.withObjectProperty("verification").deepCopy();
    return answer.put("id", verificationId).putNull("channel");
  }

  private static ApiError alreadyVerified() {
    return ApiError.of(400, "verification_already_verified", "It is verified already.");
  }

  private ObjectNode change(
      ContactType medium, ApiRequest call, BiConsumer<ObjectNode, ObjectNode> change) {
    ObjectNode changed =
        users.change(
            owner(medium, call).path("id").asText(),
            user -> {
              ObjectNode contact = contact(medium, user, call);
              contact.put("updated_at", instance.now());
              change.accept(user, contact);
            });
    return contact(medium, changed, call);
  }

  private ObjectNode contact(ContactType medium, ObjectNode owner, ApiRequest call) {
    ObjectNode contact = Identifications.find(owner, medium.list(), id(medium, call));
    if (contact == null) {
      throw ApiError.notFound(medium.field(), id(medium, call));
    }
    return contact;
  }

  private ObjectNode owner(ContactType medium, ApiRequest call) {
    ObjectNode owner = users.findBy("identification", id(medium, call));
    if (owner == null) {
      throw ApiError.notFound(medium.field(), id(medium, call));
    }
    return owner;
  }

  private static String id(ContactType medium, ApiRequest call) {
    return call.variable(medium.field() + "_id");
  }
}
