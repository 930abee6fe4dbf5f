package dev.clerkmcp.sandbox.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.sandbox.handlers.support.HandlerContext;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SignedFilter;
import dev.clerkmcp.sandbox.handlers.support.OldListQuery.SortOrder;
import dev.clerkmcp.sandbox.openapi.ApiError;
import dev.clerkmcp.sandbox.openapi.ApiRequest;
import dev.clerkmcp.sandbox.store.ObjectKind;
import dev.clerkmcp.sandbox.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Finds users by the filters, orders and cursor of {@code GET /users}. */
public final class UserList {
  private static final List<String> ORDERS =
      List.of(
          "created_at",
          "updated_at",
          "email_address",
          "web3wallet",
          "first_name",
          "last_name",
          "phone_number",
          "username",
          "last_active_at",
          "last_sign_in_at");

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
    SortOrder order = OldListQuery.order(request, "-created_at", ORDERS);
    List<ObjectNode> found = sorted(request, order);
    String cursor = request.parameter("starting_after");
    return cursor == null ? found : after(cursor, found, order, request);
  }

  private List<ObjectNode> sorted(ApiRequest request, SortOrder order) {
    ObjectNode query = request.query().deepCopy();
    query.remove(List.of("limit", "offset", "starting_after"));
    Found before = last;
    if (before != null
        && before.users() == users.version()
        && before.memberships() == memberships.version()
        && before.query().equals(query)) {
      return before.rows();
    }
    List<ObjectNode> rows =
        matches(request).sorted(order.comparator(row -> key(row, order))).toList();
    last = new Found(query, users.version(), memberships.version(), rows);
    return rows;
  }

  /** The number of all matching users; the cursor does not matter. */
  long count(ApiRequest request) {
    return matches(request).count();
  }

  private List<ObjectNode> after(
      String cursor, List<ObjectNode> found, SortOrder order, ApiRequest request) {
    if (!order.field().equals("created_at")) {
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
        "form_resource_not_found",
        "starting_after",
        "No user of this list has the id " + cursor + ".");
  }

  private Stream<ObjectNode> matches(ApiRequest request) {
    List<Predicate<ObjectNode>> filters = filters(request);
    return users.stream().filter(user -> filters.stream().allMatch(filter -> filter.test(user)));
  }

  private List<Predicate<ObjectNode>> filters(ApiRequest request) {
    List<Predicate<ObjectNode>> filters = new ArrayList<>();
    plain(filters, request, "email_address", "email_addresses");
    plain(filters, request, "phone_number", "phone_numbers");
    plain(filters, request, "web3_wallet", "web3_wallets");
    identity(filters, request);
    search(filters, request);
    if (request.query().has("banned")) {
      boolean banned = request.query().path("banned").asBoolean();
      filters.add(user -> user.path("banned").asBoolean() == banned);
    }
    for (String time : List.of("last_active_at", "created_at", "last_sign_in_at")) {
      period(filters, request, time);
    }
    return filters;
  }

  private static void plain(
      List<Predicate<ObjectNode>> filters, ApiRequest request, String field, String list) {
    if (request.query().has(field)) {
      SignedFilter wanted = OldListQuery.unsigned(request.parameters(field));
      filters.add(user -> texts(user, list, field).anyMatch(wanted::keeps));
    }
  }

  private void identity(List<Predicate<ObjectNode>> filters, ApiRequest request) {
    if (request.query().has("user_id")) {
      SignedFilter wanted = OldListQuery.signed(request.parameters("user_id"));
      filters.add(user -> wanted.keeps(user.path("id").asText()));
    }
    if (request.query().has("external_id")) {
      SignedFilter wanted = OldListQuery.signed(request.parameters("external_id"));
      filters.add(user -> wanted.keeps(user.path("external_id").asText("")));
    }
    if (request.query().has("username")) {
      SignedFilter wanted = OldListQuery.unsigned(request.parameters("username"));
      filters.add(user -> wanted.keeps(lower(user.path("username"))));
    }
    if (request.query().has("organization_id")) {
      SignedFilter wanted = OldListQuery.signed(request.parameters("organization_id"));
      filters.add(
          user ->
              wanted.keepsAny(
                  memberships.by("user_id", user.path("id").asText()).stream()
                      .map(row -> row.path("organization_id").asText())
                      .toList()));
    }
    provider(filters, request);
  }

  private static void provider(List<Predicate<ObjectNode>> filters, ApiRequest request) {
    String provider = request.parameter("provider");
    List<String> accounts = request.parameters("provider_user_id");
    if (provider == null && accounts.isEmpty()) {
      return;
    }
    if (provider == null || accounts.isEmpty()) {
      throw ApiError.missing(provider == null ? "provider" : "provider_user_id");
    }
    filters.add(
        user ->
            items(user, "external_accounts")
                .anyMatch(
                    account ->
                        account.path("provider").asText().equals(provider)
                            && accounts.contains(account.path("provider_user_id").asText())));
  }

  private void search(List<Predicate<ObjectNode>> filters, ApiRequest request) {
    part(filters, request, "email_address_query", user -> emails(user));
    part(filters, request, "phone_number_query", user -> phones(user));
    part(filters, request, "username_query", user -> Stream.of(lower(user.path("username"))));
    part(filters, request, "name_query", user -> names(user));
    String query = request.parameter("query");
    if (query != null) {
      String part = query.strip().toLowerCase(Locale.ROOT);
      filters.add(user -> users.matches(user, part));
    }
  }

  private static void part(
      List<Predicate<ObjectNode>> filters,
      ApiRequest request,
      String parameter,
      Function<ObjectNode, Stream<String>> texts) {
    String wanted = request.parameter(parameter);
    if (wanted != null) {
      String part = wanted.strip().toLowerCase(Locale.ROOT);
      filters.add(user -> texts.apply(user).anyMatch(text -> text.contains(part)));
    }
  }

  private static void period(List<Predicate<ObjectNode>> filters, ApiRequest request, String time) {
    JsonNode before = request.query().path(time + "_before");
    if (before.isNumber()) {
      filters.add(user -> user.path(time).isNumber() && user.path(time).asLong() < before.asLong());
    }
    JsonNode after = request.query().path(time + "_after");
    if (after.isNumber()) {
      filters.add(user -> user.path(time).asLong() > after.asLong());
    }
    JsonNode since = request.query().path(time + "_since");
    if (since.isNumber()) {
      filters.add(user -> user.path(time).asLong() >= since.asLong());
    }
  }

  private static JsonNode key(ObjectNode user, SortOrder order) {
    return switch (order.field()) {
      case "email_address" -> primary(user, Identifier.EMAIL_ADDRESS);
      case "phone_number" -> primary(user, Identifier.PHONE_NUMBER);
      case "web3wallet" -> primary(user, Identifier.WEB3_WALLET);
      default -> user.path(order.field());
    };
  }

  private static JsonNode primary(ObjectNode user, Identifier kind) {
    String text = Identifications.findPrimary(user, kind);
    return text == null ? MissingNode.getInstance() : TextNode.valueOf(text);
  }

  private static Stream<String> emails(ObjectNode user) {
    return texts(user, "email_addresses", "email_address");
  }

  private static Stream<String> phones(ObjectNode user) {
    return texts(user, "phone_numbers", "phone_number");
  }

  /** The first, last and full name. */
  private static Stream<String> names(ObjectNode user) {
    String first = lower(user.path("first_name"));
    String last = lower(user.path("last_name"));
    return Stream.of(first, last, first + " " + last);
  }

  private static Stream<String> texts(ObjectNode user, String list, String field) {
    return items(user, list).map(item -> lower(item.path(field)));
  }

  private static Stream<JsonNode> items(ObjectNode user, String list) {
    return StreamSupport.stream(user.path(list).spliterator(), false);
  }

  private static String lower(JsonNode text) {
    return text.isNull() ? "" : text.asText().toLowerCase(Locale.ROOT);
  }
}
