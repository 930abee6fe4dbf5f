package dev.clerkmcp.workflows.invitation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.model.EmailAddress;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds which email addresses have a pending invitation already. */
final class KnownAddresses {
  private KnownAddresses() {}

  /** Lists pending invitations: all, or those that match an address. */
  interface Pending {
    ListPage list(@Nullable String address, PageRequest page);
  }

  /** The addresses with a pending invitation. */
  static Set<String> invited(List<String> addresses, Pending pending) {
    if (addresses.isEmpty()) {
      return Set.of();
    }
    ListPage first = pending.list(null, new PageRequest(Pages.LARGEST, 0L));
    boolean fewAddresses = addresses.size() < first.total() / Pages.LARGEST;
    List<JsonNode> rows =
        fewAddresses // then one request per address takes fewer requests
            ? ofEach(addresses, pending)
            : Pages.allFrom(first, page -> pending.list(null, page));
    Set<String> invited = new HashSet<>();
    for (JsonNode invitation : rows) {
      invited.add(EmailAddress.in(invitation).text());
    }
    invited.retainAll(Set.copyOf(addresses));
    return invited;
  }

  private static List<JsonNode> ofEach(List<String> addresses, Pending pending) {
    PageRequest page = new PageRequest(Pages.LARGEST, 0L);
    List<Supplier<ListPage>> parts = new ArrayList<>();
    for (String address : addresses) {
      parts.add(Invocation.current().fork(() -> pending.list(address, page)));
    }
    return parts.stream().flatMap(part -> part.get().rows().stream()).toList();
  }
}
