package dev.clerkmcp.sandbox.seed;

import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.store.Store;
import java.util.List;

/** Fills a new store with two years of a made-up product's history. */
public final class SeedData {
  private SeedData() {}

  /**
   * Fills an empty store.
   *
   * @param seed decides all names, states and times
   * @param users the number of users; with fewer than 60 some kinds of users are missing
   */
  public static void fill(
      Store store, ApiContract contract, OperationHandlers handlers, long seed, int users) {
    handlers.createDefaults();
    HistoryBuilder history = new HistoryBuilder(store, contract, handlers, seed);
    List<String> ids = new SeedUsers(history).create(users);
    new SeedOrganizations(history).create(ids);
    new SeedSettings(history).create(ids);
  }
}
