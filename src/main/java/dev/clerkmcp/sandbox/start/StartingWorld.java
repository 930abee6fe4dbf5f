package dev.clerkmcp.sandbox.start;

import dev.clerkmcp.sandbox.behaviour.Behaviours;
import dev.clerkmcp.sandbox.contract.Contract;
import dev.clerkmcp.sandbox.world.World;
import java.util.List;

/** Fills a new world with two years of a made-up product's life. */
public final class StartingWorld {
  private StartingWorld() {}

  /**
   * Fills an empty world.
   *
   * @param seed decides who and what there is
   * @param users how many users; with fewer than 60 some kinds of them are missing
   */
  public static void fill(
      World world, Contract contract, Behaviours behaviours, long seed, int users) {
    behaviours.createDefaults();
    Past past = new Past(world, contract, behaviours, seed);
    List<String> ids = new StartingUsers(past).create(users);
    new StartingOrganizations(past).create(ids);
    new StartingSettings(past).create(ids);
  }
}
