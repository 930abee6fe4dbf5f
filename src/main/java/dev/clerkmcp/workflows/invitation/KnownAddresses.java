package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.workflows.support.AddressHolder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds which email addresses already belong to a user or have a pending invitation. */
final class KnownAddresses {
  private KnownAddresses() {}

  /** Lists pending invitations: all, or those that match an address. */
  interface Pending {
    ListPage list(@Nullable String address, PageRequest page);
  }

  /** The IDs of the users who have any of the addresses, by address. */
  static Map<String, String> users(List<String> addresses, UserTools users) {
    Map<String, String> found = new TreeMap<>();
    AddressHolder.of(addresses, users)
        .forEach(holder -> found.put(holder.address(), holder.userId()));
    return found;
  }

  /** The addresses with a pending invitation. */
  static Set<String> invited(List<String> addresses, Pending pending) {
    if (addresses.isEmpty()) {
      return Set.of();
    }
    ListPage first = pending.list(null, new PageRequest(Pages.LARGEST, 0L));
    long total = first.total();
    List<Supplier<ListPage>> parts = new ArrayList<>();
    parts.add(() -> first);
    if (total / Pages.LARGEST
        > addresses.size()) { // then one request per address takes fewer requests
      for (String address : addresses) {
        parts.add(part(pending, address, 0));
      }
    } else {
      for (long offset = Pages.LARGEST; offset < total; offset += Pages.LARGEST) {
        parts.add(part(pending, null, offset));
      }
    }
    Set<String> invited = new HashSet<>();
    for (JsonNode invitation : rows(parts)) {
      invited.add(EmailAddress.in(invitation).text());
    }
    invited.retainAll(Set.copyOf(addresses));
    return invited;
  }

  private static Supplier<ListPage> part(Pending pending, @Nullable String address, long offset) {
    PageRequest page = new PageRequest(Pages.LARGEST, offset);
    return Invocation.current().fork(() -> pending.list(address, page));
  }

  private static List<JsonNode> rows(List<Supplier<ListPage>> parts) {
    List<JsonNode> rows = new ArrayList<>();
    parts.forEach(part -> part.get().data().forEach(rows::add));
    return rows;
  }
}
