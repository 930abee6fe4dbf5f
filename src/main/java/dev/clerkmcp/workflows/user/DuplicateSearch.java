package dev.clerkmcp.workflows.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Chunks;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserOrder;
import dev.clerkmcp.workflows.support.Mailbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Searches for users who may be the same person as a given user, with a few filtered requests
 * instead of reading all users.
 */
final class DuplicateSearch {
  /** The most matches of a filter. A longer list means that many users share the value. */
  private static final int MAX_ROWS = 100;

  /** The most addresses and providers with a request each. Hardly any user has more. */
  private static final int MAX_SINGLE = 3;

  private final UserTools users;
  private final JsonNode user;
  private boolean cut;

  DuplicateSearch(UserTools users, JsonNode user) {
    this.users = users;
    this.user = user;
  }

  /**
   * A user that may be the same person.
   *
   * @param user the user as Clerk returns it
   */
  record Found(JsonNode user, DuplicateScore score) {}

  /** All candidates, the most likely first. */
  List<Found> run() {
    Map<String, JsonNode> answered = new LinkedHashMap<>();
    for (Supplier<ListPage> part : parts()) {
      ListPage page = part.get();
      cut |= page.data().size() >= MAX_ROWS;
      page.data().forEach(row -> answered.putIfAbsent(row.path("id").asText(), row));
    }
    answered.remove(user.path("id").asText());
    return answered.values().stream()
        .map(other -> new Found(other, DuplicateScore.of(user, other)))
        .filter(found -> found.score().strength() != DuplicateScore.Strength.NONE)
        .sorted(
            Comparator.comparing((Found found) -> found.score().strength())
                .thenComparing(found -> -found.score().reasons().size())
                .thenComparing(found -> found.user().path("id").asText()))
        .toList();
  }

  /** Whether Clerk had more matches than were read. */
  boolean isCut() {
    return cut;
  }

  private List<Supplier<ListPage>> parts() {
    List<ObjectNode> filters = new ArrayList<>();
    filters.add(any("email_address", spellings()));
    filters.add(any("phone_number", texts("phone_numbers", "phone_number")));
    filters.add(any("web3_wallet", texts("web3_wallets", "web3_wallet")));
    filters.addAll(accounts());
    Set<String> locals = new LinkedHashSet<>();
    for (EmailAddress address : new ClerkUser(user).emails()) {
      locals.add(Mailbox.of(address).local());
    }
    for (String local :
        locals.stream().filter(text -> !text.isEmpty()).limit(MAX_SINGLE).toList()) {
      filters.add(Json.object().put("email_address_query", local + "@"));
      filters.add(Json.object().put("email_address_query", local + "+"));
    }
    String lastName = user.path("last_name").asText("").strip();
    if (!lastName.isEmpty()) {
      filters.add(Json.object().put("name_query", lastName));
    }
    List<Supplier<ListPage>> parts = new ArrayList<>();
    for (ObjectNode filter : filters) {
      if (!filter.isEmpty()) {
        PartialUpdate<UserFilter> given = new PartialUpdate<>(filter);
        PageRequest page = PageRequest.first(MAX_ROWS);
        parts.add(Invocation.current().fork(() -> users.list(given, page, UserOrder.NEWEST_FIRST)));
      }
    }
    return parts;
  }

  /**
   * The user's addresses and those of external accounts, in every spelling that reaches the same
   * mailbox.
   */
  private Set<String> spellings() {
    Set<String> spellings = new LinkedHashSet<>();
    new ClerkUser(user).emails().forEach(address -> spellings.add(address.text()));
    spellings.addAll(texts("external_accounts", "email_address"));
    for (String address : List.copyOf(spellings)) {
      spellings.addAll(Mailbox.of(EmailAddress.of(address)).spellings());
    }
    return spellings;
  }

  /** Filters for external accounts. Clerk takes one provider a request. */
  private List<ObjectNode> accounts() {
    Map<String, Set<String>> ids = new TreeMap<>();
    for (JsonNode account : user.path("external_accounts")) {
      String id = account.path("provider_user_id").asText("");
      if (!id.isEmpty()) {
        ids.computeIfAbsent(account.path("provider").asText(), none -> new LinkedHashSet<>())
            .add(id);
      }
    }
    List<ObjectNode> filters = new ArrayList<>();
    ids.forEach(
        (provider, own) -> filters.add(any("provider_user_id", own).put("provider", provider)));
    return filters.subList(0, Math.min(MAX_SINGLE, filters.size()));
  }

  private Set<String> texts(String list, String field) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode item : user.path(list)) {
      if (!item.path(field).asText("").isBlank()) {
        texts.add(item.path(field).asText());
      }
    }
    return texts;
  }

  /** A filter for users with any of the values; empty if there are none. */
  private static ObjectNode any(String name, Collection<String> values) {
    ObjectNode filter = Json.object();
    if (!values.isEmpty()) {
      ArrayNode list = filter.putArray(name);
      values.stream().limit(Chunks.MAX_VALUES).forEach(list::add);
    }
    return filter;
  }
}
