package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.model.ClerkUser;
import dev.clerkmcp.clerk.model.ClerkUser.Contact;
import dev.clerkmcp.clerk.model.ClerkUser.Identifier;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Chunks;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Finds whose some email addresses are. All addresses are in the form of {@link EmailAddress}.
 *
 * @param users the users whom an address names, by address; see {@link ClerkUser#isProven}
 * @param claimed the addresses that name no user, but that a user has without having verified them
 */
public record AddressOwners(Map<String, ClerkUser> users, Set<String> claimed) {
  public AddressOwners {
    users = Map.copyOf(users);
    claimed = Set.copyOf(claimed);
  }

  /** Finds whose the addresses are. */
  public static AddressOwners of(List<String> addresses, UserTools tools) {
    List<Supplier<List<JsonNode>>> parts = new ArrayList<>();
    for (List<String> chunk : Chunks.of(addresses, Chunks.MAX_VALUES)) {
      ObjectNode filter = Json.object();
      chunk.forEach(filter.putArray("email_address")::add);
      PartialUpdate<UserFilter> given = new PartialUpdate<>(filter);
      // All pages, since any number of users can have an address that they have not verified.
      parts.add(
          Invocation.current()
              .fork(() -> Pages.all(page -> tools.list(given, page, UserOrder.NEWEST_FIRST))));
    }
    Set<String> wanted = Set.copyOf(addresses);
    Map<String, ClerkUser> users = new TreeMap<>();
    Set<String> claimed = new TreeSet<>();
    for (Supplier<List<JsonNode>> part : parts) {
      for (JsonNode row : part.get()) {
        ClerkUser user = new ClerkUser(row);
        for (Contact email : user.contacts(Identifier.EMAIL_ADDRESS)) {
          String address = EmailAddress.of(email.value()).text();
          if (!wanted.contains(address)) { // Clerk returns the user with every address
            continue;
          }
          if (email.isProven()) {
            users.put(address, user);
          } else {
            claimed.add(address);
          }
        }
      }
    }
    claimed.removeAll(users.keySet());
    return new AddressOwners(users, claimed);
  }
}
