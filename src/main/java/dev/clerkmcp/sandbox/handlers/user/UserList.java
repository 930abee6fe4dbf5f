package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.ListQuery;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiOperation;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds users by the filters, orders and cursor of {@code GET /users}. */
public final class UserList implements ListQuery.Rows {
  private static final String SEARCH_TEXT = "search_text";
  private static final Set<String> SIGNED = Set.of("external_id", "organization_id", "user_id");

  private final Table users;
  private final Table memberships;

  /** What was found last: reading page after page must not sort the whole list for each. */
  private @Nullable Found last;

  /** The users that a query finds, in order, as long as nothing changes. */
  private record Found(ObjectNode query, long users, long memberships, List<ObjectNode> rows) {}

  public UserList(HandlerContext context) {
    this.users = context.table(ObjectKind.USER);
    this.memberships = context.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
  }

  /**
   * All matching users, sorted, from after the cursor; not yet cut into pages.
   *
   * @throws ApiError with status 422 for an unknown order, a provider without its user IDs or the
   *     reverse, or a cursor that is not in the list, comes with an offset, or with another order
   *     than created_at
   */
  public List<ObjectNode> find(ApiRequest request) {
    ListQuery query = new ListQuery(request, this);
    checkProvider(request);
    List<ObjectNode> found = sorted(request, query);
    String cursor = request.parameter("starting_after");
    return cursor == null ? found : after(cursor, found, query.orderField(), request);
  }

  private List<ObjectNode> sorted(ApiRequest request, ListQuery list) {
    ObjectNode query = request.query().deepCopy();
    query.remove(List.of("limit", "offset", "starting_after"));
    Found before = last;
    if (before != null
        && before.users() == users.version()
        && before.memberships() == memberships.version()
        && before.query().equals(query)) {
      return before.rows();
    }
    List<ObjectNode> rows = list.select(users.stream());
    last = new Found(query, users.version(), memberships.version(), rows);
    return rows;
  }

  /** The number of all matching users; the cursor does not matter. */
  long count(ApiRequest request) {
    checkProvider(request);
    return new ListQuery(request, this).matching(users.stream()).count();
  }

  private List<ObjectNode> after(
      String cursor, List<ObjectNode> found, String order, ApiRequest request) {
    if (!order.equals("created_at")) {
      throw ApiError.invalid(
          "form_param_value_invalid", "starting_after", "A cursor needs the order created_at.");
    }
    if (request.query().path("offset").asLong(0) != 0) {
      throw ApiError.invalid(
          "form_param_value_invalid",
          "starting_after",
          "A cursor cannot be combined with an offset.");
    }
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).path("id").asText().equals(cursor)) {
        return found.subList(i + 1, found.size());
      }
    }
    throw ApiError.invalid(
        "form_resource_not_found", "starting_after", "No user of this list has the id %s.", cursor);
  }

  private static void checkProvider(ApiRequest request) {
    boolean named = request.query().has("provider");
    if (named != request.query().has("provider_user_id")) {
      throw ApiError.missing(named ? "provider_user_id" : "provider");
    }
  }

  @Override
  public Set<String> signed(ApiOperation operation) {
    return SIGNED; // also of the number of users, and of lists of memberships
  }

  @Override
  public boolean selects(String parameter) {
    return !parameter.equals("role"); // which is one of memberships
  }

  @Override
  public List<String> searched() {
    return List.of(SEARCH_TEXT);
  }

  @Override
  public Stream<JsonNode> values(ObjectNode user, String name) {
    return switch (name) {
      case SEARCH_TEXT -> Stream.of(TextNode.valueOf(users.searchText(user)));
      case "user_id" -> Stream.of(user.path("id"));
      case "organization_id" ->
          memberships.where("user_id", user.path("id").asText()).stream()
              .map(row -> row.path("organization_id"));
      case "email_address" -> items(user, "email_addresses", name);
      case "phone_number" -> items(user, "phone_numbers", name);
      case "web3_wallet" -> items(user, "web3_wallets", name);
      case "provider", "provider_user_id" -> items(user, "external_accounts", name);
      case "name" -> {
        String first = user.path("first_name").asText("");
        String last = user.path("last_name").asText("");
        yield Stream.of(TextNode.valueOf((first + " " + last).strip()));
      }
      default -> Stream.of(user.path(name));
    };
  }

  @Override
  public JsonNode sortKey(ObjectNode user, String field) {
    return switch (field) {
      case "email_address" -> primary(user, Identifier.EMAIL_ADDRESS);
      case "phone_number" -> primary(user, Identifier.PHONE_NUMBER);
      case "web3wallet" -> primary(user, Identifier.WEB3_WALLET);
      default -> user.path(field);
    };
  }

  private static JsonNode primary(ObjectNode user, Identifier kind) {
    String text = Identifications.findPrimary(user, kind);
    return text == null ? MissingNode.getInstance() : TextNode.valueOf(text);
  }

  private static Stream<JsonNode> items(ObjectNode user, String list, String field) {
    return user.path(list).valueStream().map(item -> item.path(field));
  }
}
