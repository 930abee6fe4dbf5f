package dev.clerkmcp.sandbox.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Finds users: the filters, the orders and the cursor of {@code GET /users} and its count. */
final class UserList {
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

  UserList(HandlerContext instance) {
    this.users = instance.table(ObjectKind.USER);
    this.memberships = instance.table(ObjectKind.ORGANIZATION_MEMBERSHIP);
  }

  /**
   * The users that a call asks for, all pages of them, from the cursor on.
   *
   * @throws ApiError with status 422 for an unknown order or a cursor that does not go with it
   */
  List<ObjectNode> find(ApiRequest call) {
    SortOrder order = SortOrder.of(call, "-created_at", ORDERS);
    List<ObjectNode> found =
        matches(call).sorted(order.comparator(row -> key(row, order))).toList();
    String cursor = call.parameter("starting_after");
    return cursor == null ? found : after(cursor, found, order, call);
  }

  /** How many users a call asks for. */
  long count(ApiRequest call) {
    return matches(call).count();
  }

  private List<ObjectNode> after(
      String cursor, List<ObjectNode> found, SortOrder order, ApiRequest call) {
    if (!order.field().equals("created_at")) {
      throw ApiError.invalid(
          "form_param_value_invalid", "starting_after", "A cursor needs the order created_at.");
    }
    if (call.query().path("offset").asInt(0) != 0) {
      throw ApiError.invalid(
          "form_param_value_invalid", "starting_after", "A cursor takes no offset beside it.");
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

  private Stream<ObjectNode> matches(ApiRequest call) {
    List<Predicate<ObjectNode>> filters = filters(call);
    return users.stream().filter(user -> filters.stream().allMatch(filter -> filter.test(user)));
  }

  private List<Predicate<ObjectNode>> filters(ApiRequest call) {
    List<Predicate<ObjectNode>> filters = new ArrayList<>();
    plain(filters, call, "email_address", "email_addresses");
    plain(filters, call, "phone_number", "phone_numbers");
    plain(filters, call, "web3_wallet", "web3_wallets");
    identity(filters, call);
    search(filters, call);
    if (call.query().has("banned")) {
      boolean banned = call.query().path("banned").asBoolean();
      filters.add(user -> user.path("banned").asBoolean() == banned);
    }
    for (String time : List.of("last_active_at", "created_at", "last_sign_in_at")) {
      period(filters, call, time);
    }
    return filters;
  }

  private static void plain(
      List<Predicate<ObjectNode>> filters, ApiRequest call, String field, String list) {
    if (call.query().has(field)) {
      SignedFilter wanted = SignedFilter.plain(call.parameters(field));
      filters.add(user -> texts(user, list, field).anyMatch(wanted::keeps));
    }
  }

  private void identity(List<Predicate<ObjectNode>> filters, ApiRequest call) {
    if (call.query().has("user_id")) {
      SignedFilter wanted = SignedFilter.of(call.parameters("user_id"));
      filters.add(user -> wanted.keeps(user.path("id").asText()));
    }
    if (call.query().has("external_id")) {
      SignedFilter wanted = SignedFilter.of(call.parameters("external_id"));
      filters.add(user -> wanted.keeps(user.path("external_id").asText("")));
    }
    if (call.query().has("username")) {
      SignedFilter wanted = SignedFilter.plain(call.parameters("username"));
      filters.add(user -> wanted.keeps(lower(user.path("username"))));
    }
    if (call.query().has("organization_id")) {
      SignedFilter wanted = SignedFilter.of(call.parameters("organization_id"));
      filters.add(
          user ->
              wanted.keepsAny(
                  memberships.by("user_id", user.path("id").asText()).stream()
                      .map(row -> row.path("organization_id").asText())
                      .toList()));
    }
    provider(filters, call);
  }

  private static void provider(List<Predicate<ObjectNode>> filters, ApiRequest call) {
    String provider = call.parameter("provider");
    List<String> accounts = call.parameters("provider_user_id");
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

  private void search(List<Predicate<ObjectNode>> filters, ApiRequest call) {
    part(filters, call, "email_address_query", user -> emails(user));
    part(filters, call, "phone_number_query", user -> phones(user));
    part(filters, call, "username_query", user -> Stream.of(lower(user.path("username"))));
    part(filters, call, "name_query", user -> names(user));
    String query = call.parameter("query");
    if (query != null) {
      String part = query.strip().toLowerCase(Locale.ROOT);
      filters.add(user -> users.mentions(user, part));
    }
  }

  private static void part(
      List<Predicate<ObjectNode>> filters,
      ApiRequest call,
      String parameter,
      Function<ObjectNode, Stream<String>> texts) {
    String wanted = call.parameter(parameter);
    if (wanted != null) {
      String part = wanted.strip().toLowerCase(Locale.ROOT);
      filters.add(user -> texts.apply(user).anyMatch(text -> text.contains(part)));
    }
  }

  private static void period(List<Predicate<ObjectNode>> filters, ApiRequest call, String time) {
    JsonNode before = call.query().path(time + "_before");
    if (before.isNumber()) {
      filters.add(user -> user.path(time).isNumber() && user.path(time).asLong() < before.asLong());
    }
    JsonNode after = call.query().path(time + "_after");
    if (after.isNumber()) {
      filters.add(user -> user.path(time).asLong() > after.asLong());
    }
    JsonNode since = call.query().path(time + "_since");
    if (since.isNumber()) {
      filters.add(user -> user.path(time).asLong() >= since.asLong());
    }
  }

  private static JsonNode key(ObjectNode user, SortOrder order) {
    return switch (order.field()) {
      case "email_address" -> primary(user, "email_addresses", "email_address");
      case "phone_number" -> primary(user, "phone_numbers", "phone_number");
      case "web3wallet" -> primary(user, "web3_wallets", "web3_wallet");
      default -> user.path(order.field());
    };
  }

  private static JsonNode primary(ObjectNode user, String list, String field) {
    String id = user.path("primary_%s_id".formatted(field)).asText();
    return items(user, list)
        .filter(item -> item.path("id").asText().equals(id))
        .map(item -> item.path(field))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static Stream<String> emails(ObjectNode user) {
    return texts(user, "email_addresses", "email_address");
  }

  private static Stream<String> phones(ObjectNode user) {
    return texts(user, "phone_numbers", "phone_number");
  }

  /** Each name and the full one. */
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
