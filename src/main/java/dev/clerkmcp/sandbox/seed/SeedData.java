package dev.clerkmcp.sandbox.seed;

import dev.clerkmcp.sandbox.handlers.OperationHandlers;
import dev.clerkmcp.sandbox.openapi.ApiContract;
import dev.clerkmcp.sandbox.store.Store;
import java.util.List;

/** Fills a new world with two years of a made-up product's life. */
public final class SeedData {
  private SeedData() {}

  /**
   * Fills an empty world.
   *
   * @param seed decides who and what there is
   * @param users how many users; with fewer than 60 some kinds of them are missing
   */
  public static void fill(
      Store store, ApiContract contract, OperationHandlers behaviours, long seed, int users) {
    behaviours.createDefaults();
    HistoryBuilder past = new HistoryBuilder(store, contract, behaviours, seed);
    List<String> ids = new SeedUsers(past).create(users);
    new SeedOrganizations(past).create(ids);
    new SeedSettings(past).create(ids);
  }
}
