package dev.clerkmcp.workflows.user;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.reference.UserReference;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.registry.argument.PartialUpdate;
import dev.clerkmcp.tools.UserTools;
import dev.clerkmcp.tools.UserTools.UserFilter;
import dev.clerkmcp.tools.UserTools.UserOrder;
import dev.clerkmcp.workflows.support.UserTotal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds users by any identifier, ID or name. */
@ToolGroup(id = "workflows", description = "Workflows: everyday jobs that take several calls")
public final class UserFinder {
  private static final int MAX_CANDIDATES = 10;

  private static final String NARROWER =
      "Give a longer part, or a whole identifier; clerk_users_list with query lists all.";
  private static final String WIDER = "No user matches: try a shorter part, or another identifier.";

  private static final String INVITED =
      "No user has this address%s. A person who was only invited is not a user yet: look with query"
          + " in clerk_invitations_list and clerk_instance_org_invitations_list.";

  private static final String OF_SIMILAR_NAME =
      "; those of similar name may be other people, so ask the person before you take one";

  /** The most users of similar name that are shown where nobody has an address. */
  private static final int MAX_SIMILAR = 3;

  private final UserTools users;

  public UserFinder(UserTools users) {
    this.users = users;
  }

  @Tool(name = "clerk_user_find", title = "Find user", effect = READ, core = true)
  @Description("Find a user: up to 10 matches in short, exact ones first.")
  public JsonNode find(@Arg("Any identifier, ID or name") String user) {
    UserReference reference = UserReference.of(user);
    UserReference.Source source =
        (filter, limit) ->
            users
                .list(
                    new PartialUpdate<UserFilter>(filter),
                    PageRequest.first(limit),
                    UserOrder.NEWEST_FIRST)
                .data();
    List<UserReference.Match> exact = reference.exact(source);
    // One more than fits shows that there are more.
    List<UserReference.Match> similar =
        reference.isUnmistakable() && !exact.isEmpty()
            ? List.of()
            : similar(reference, source, exact.isEmpty());
    Map<String, ObjectNode> candidates = new LinkedHashMap<>();
    exact.forEach(match -> add(candidates, match));
    similar.forEach(match -> add(candidates, match));
    Long left = left(reference, similar, candidates.keySet());
    if (!exact.isEmpty() || !reference.isAddress()) {
      return answer(candidates.values(), left, WIDER, false);
    }
    ObjectNode named = Json.object();
    String name = user.strip().replaceFirst("@.*", "").replaceAll("[._+-]+", " ").strip();
    String state = "";
    if (candidates.isEmpty() && !name.isEmpty()) {
      ArrayNode rows = named.putArray("similar_names");
      similar(UserReference.of(name), source, false).stream()
          .limit(MAX_SIMILAR)
          .forEach(match -> rows.add(match.user().brief()));
      state = rows.isEmpty() ? ", and none was found by the name " + name : OF_SIMILAR_NAME;
    }
    ObjectNode answer = answer(candidates.values(), left, INVITED.formatted(state), true);
    return named.path("similar_names").isEmpty() ? answer : answer.setAll(named);
  }

  /**
   * The users who have the text in part.
   *
   * @param needed whether a refusal of the search, such as while personal data is masked, is one of
   *     the call; without it the exact matches are the answer
   */
  private static List<UserReference.Match> similar(
      UserReference reference, UserReference.Source source, boolean needed) {
    try {
      return reference.similar(source, MAX_CANDIDATES + 1);
    } catch (RefusedException e) {
      if (needed) {
        throw e;
      }
      return List.of();
    }
  }

  /** Adds a match once: an exact match is also found as a similar one. */
  private static void add(Map<String, ObjectNode> candidates, UserReference.Match match) {
    String id = id(match);
    if (!candidates.containsKey(id) && candidates.size() < MAX_CANDIDATES) {
      candidates.put(id, match.addTo(match.user().full()));
    }
  }

  /** How many more users match than are shown; null if Clerk does not tell it. */
  private @Nullable Long left(
      UserReference reference, List<UserReference.Match> similar, Set<String> shownIds) {
    long shown = similar.stream().filter(match -> shownIds.contains(id(match))).count();
    if (similar.size() <= MAX_CANDIDATES) {
      return similar.size() - shown;
    }
    Long total = UserTotal.begin(users, new PartialUpdate<>(reference.similarity())).findOrTell();
    return total == null ? null : Math.max(similar.size(), total) - shown;
  }

  private static ObjectNode answer(
      Collection<ObjectNode> candidates,
      @Nullable Long left,
      String elsewhere,
      boolean alsoWithCandidates) {
    ObjectNode answer = Json.object();
    answer.putArray("candidates").addAll(candidates);
    if (left == null || left > 0) {
      answer.put("has_more", true);
      if (left != null) {
        answer.put("more", left);
      }
      answer.put("remedy", NARROWER);
    } else if (candidates.isEmpty() || alsoWithCandidates) {
      answer.put("remedy", elsewhere);
    }
    return answer;
  }

  private static String id(UserReference.Match match) {
    return match.user().id();
  }
}
