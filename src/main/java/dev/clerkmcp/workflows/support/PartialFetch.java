package dev.clerkmcp.workflows.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.ListPage;
import dev.clerkmcp.registry.Pages;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.argument.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads the parts of an overview at the same time and reports why a part could not be read. */
public final class PartialFetch {
  private static final int MAX_ROWS = 2_000;
  private static final int REASON = 120;

  private final ObjectNode notRead = Json.object();

  /** Waits for a part; empty if Clerk or an interceptor refused it. */
  public interface Part<T> extends Supplier<Optional<T>> {}

  /** Begins to read a part. */
  public <T> Part<T> begin(String name, Supplier<T> read) {
    Invocation.current().checkCancelled();
    Supplier<T> reading = Invocation.current().fork(read);
    return () -> {
      try {
        return Optional.of(reading.get());
      } catch (ClerkException e) {
        if (StopPolicy.stopsJob(e)) {
          throw e;
        }
        say(name, "%s %s: %s".formatted(e.status(), e.code(), e.reason()));
      } catch (RefusedException e) {
        say(name, String.valueOf(e.getMessage()));
      }
      return Optional.empty();
    };
  }

  /** Begins to read a list up to 2,000 rows; {@link #notRead} says so if there are more. */
  public Part<List<JsonNode>> beginRows(String name, Function<PageRequest, ListPage> list) {
    return begin(
        name,
        () -> {
          List<JsonNode> rows = new ArrayList<>();
          Pages.End end =
              Pages.read(
                  null,
                  next -> list.apply(new PageRequest(Pages.LARGEST, Pages.offset(next))),
                  page -> {
                    page.forEach(rows::add);
                    return rows.size() < MAX_ROWS;
                  });
          if (end != Pages.End.LAST_PAGE) {
            say(name, "Only the first %s rows were read.".formatted(rows.size()));
          }
          return rows;
        });
  }

  /**
   * Runs a read about organizations; returns false, with a note, if the instance has organizations
   * disabled.
   */
  public static boolean readOrganizations(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (ClerkException e) {
      if (!ErrorCodes.isWithoutOrganizations(e)) {
        throw e;
      }
      Invocation.current()
          .note("Organizations are disabled in this instance, so the answer does not cover them.");
      return false;
    }
  }

  /** Reports that a part is missing or incomplete. */
  private synchronized void say(String name, String why) {
    notRead.put(name, Rows.of(why, REASON));
  }

  /** What was not read, by part. Call it after waiting for every part. */
  public synchronized ObjectNode notRead() {
    ObjectNode sorted = Json.object();
    notRead.properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(part -> sorted.set(part.getKey(), part.getValue()));
    return sorted;
  }
}
