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
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A user who has a given email address.
 *
 * @param address in the form of {@link EmailAddress}
 * @param verified whether the address is proven to be the user's
 */
public record AddressHolder(String address, String userId, boolean verified) {

  /** The users who have any of the addresses, which are in the form of {@link EmailAddress}. */
  public static List<AddressHolder> of(List<String> addresses, UserTools users) {
    List<Supplier<ListPage>> parts = new ArrayList<>();
    for (List<String> chunk : Chunks.of(addresses, Chunks.MAX_VALUES)) {
      ObjectNode filter = Json.object();
      chunk.forEach(filter.putArray("email_address")::add);
      PartialUpdate<UserFilter> given = new PartialUpdate<>(filter);
      PageRequest page = PageRequest.first(Pages.LARGEST);
      parts.add(Invocation.current().fork(() -> users.list(given, page, UserOrder.NEWEST_FIRST)));
    }
    Set<String> wanted = Set.copyOf(addresses);
    List<AddressHolder> holders = new ArrayList<>();
    for (Supplier<ListPage> part : parts) {
      for (JsonNode user : part.get().data()) {
        ClerkUser holder = new ClerkUser(user);
        for (Contact email : holder.contacts(Identifier.EMAIL_ADDRESS)) {
          String address = EmailAddress.of(email.value()).text();
          if (wanted.contains(address)) { // Clerk returns the user with every address
            holders.add(new AddressHolder(address, holder.id(), email.isVerified()));
          }
        }
      }
    }
    return holders;
  }
}
