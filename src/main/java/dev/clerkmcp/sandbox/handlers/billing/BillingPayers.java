package dev.clerkmcp.sandbox.handlers.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.user.Identifications;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives payers from users and organizations: each of them is a payer. */
public final class BillingPayers {
  private static final List<String> NAMES = List.of("first_name", "last_name");

  private final HandlerContext context;

  public BillingPayers(HandlerContext context) {
    this.context = context;
  }

  /** The user or organization in the path of a request. */
  Payer of(ApiRequest request) {
    boolean isUser = request.variables().containsKey("user_id");
    return isUser
        ? new Payer("user", context.table(ObjectKind.USER).get(request.variable("user_id")))
        : new Payer(
            "org", context.table(ObjectKind.ORGANIZATION).get(request.variable("organization_id")));
  }

  /** The user or organization with an id, or null. */
  @Nullable Payer find(String ownerId) {
    ObjectNode user = context.table(ObjectKind.USER).find(ownerId);
    ObjectNode organization = context.table(ObjectKind.ORGANIZATION).find(ownerId);
    if (user != null) {
      return new Payer("user", user);
    }
    return organization == null ? null : new Payer("org", organization);
  }

  Stream<Payer> all() {
    return Stream.concat(
        context.table(ObjectKind.USER).stream().map(user -> new Payer("user", user)),
        context.table(ObjectKind.ORGANIZATION).stream()
            .map(organization -> new Payer("org", organization)));
  }

  /** A payer as lists, subscriptions and statements return it. */
  ObjectNode view(Payer payer) {
    return fill(context.template("CommercePayerResponse"), payer);
  }

  /** A payer as responses to changes return it: unknown texts are empty. */
  ObjectNode viewInChange(Payer payer) {
    return fill(context.template("CommercePayerResponse-2"), payer);
  }

  private static ObjectNode fill(ObjectNode view, Payer payer) {
    ObjectNode owner = payer.owner();
    view.put("id", payer.id())
        .put("instance_id", HandlerContext.INSTANCE_ID)
        .put("image_url", owner.path("image_url").asText(""))
        .put("created_at", owner.path("created_at").asLong())
        .put("updated_at", owner.path("updated_at").asLong());
    if (payer.type().equals("org")) {
      return view.put("organization_id", payer.ownerId())
          .put("organization_name", owner.path("name").asText());
    }
    view.put("user_id", payer.ownerId());
    NAMES.stream().filter(owner::hasNonNull).forEach(name -> view.set(name, owner.path(name)));
    String email = Identifications.findPrimary(owner, Identifier.EMAIL_ADDRESS);
    return email == null ? view : view.put("email", email);
  }

  /**
   * A payer.
   *
   * @param type user or org
   * @param owner the user's or organization's row
   */
  record Payer(String type, ObjectNode owner) {
    String ownerId() {
      return owner.path("id").asText();
    }

    /** Derived from the owner's id, so that payers need not be stored. */
    String id() {
      return "cpayer_" + ownerId();
    }
  }
}
