package dev.clerkmcp.workflows.instance;

import static dev.clerkmcp.registry.Effect.READ;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clerkmcp.Setting;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Description;
import dev.clerkmcp.registry.Invocation;
import dev.clerkmcp.registry.RefusedException;
import dev.clerkmcp.registry.Tool;
import dev.clerkmcp.registry.ToolGroup;
import dev.clerkmcp.registry.argument.Arg;
import dev.clerkmcp.registry.argument.InvalidArgumentsException;
import dev.clerkmcp.registry.argument.PageRequest;
import dev.clerkmcp.tools.AllowlistTools;
import dev.clerkmcp.tools.BlocklistTools;
import dev.clerkmcp.tools.DomainTools;
import dev.clerkmcp.tools.InstanceTools;
import dev.clerkmcp.tools.JwtTemplateTools;
import dev.clerkmcp.tools.OrganizationRoleTools;
import dev.clerkmcp.tools.OrganizationRoleTools.RoleFilter;
import dev.clerkmcp.tools.PermissionTools;
import dev.clerkmcp.tools.PermissionTools.PermissionFilter;
import dev.clerkmcp.tools.RedirectUrlTools;
import dev.clerkmcp.tools.RoleSetTools;
import dev.clerkmcp.workflows.instance.InstanceSnapshot.Area;
import java.util.ArrayList;
import java.util.List;

/** Compares the configuration of two instances. */
@ToolGroup(id = "workflows")
public final class InstanceWorkflows {
  private final List<Area> areas;

  public InstanceWorkflows(
      InstanceTools instance,
      OrganizationRoleTools roles,
      PermissionTools permissions,
      RoleSetTools roleSets,
      JwtTemplateTools jwtTemplates,
      RedirectUrlTools redirectUrls,
      DomainTools domains,
      AllowlistTools allowlist,
      BlocklistTools blocklist) {
    this.areas =
        List.of(
            Area.settings("instance", instance::get),
            Area.settings("organization_settings", instance::getOrganizationSettings),
            Area.settings("oauth_application_settings", instance::getOauthApplicationSettings),
            Area.settings("protect", instance::getProtect),
            Area.settings("communication", instance::getCommunication),
            Area.list(
                "roles",
                "key",
                List.of("name", "description", "is_creator_eligible", "permissions"),
                page -> roles.list(RoleFilter.ALL, page)),
            Area.list(
                "permissions",
                "key",
                List.of("name", "description", "type"),
                page -> permissions.list(PermissionFilter.ALL, page)),
            Area.list(
                "role_sets",
                "key",
                List.of("name", "description", "type", "roles", "default_role", "creator_role"),
                page -> roleSets.list(RoleFilter.ALL, page)),
            Area.list(
                "jwt_templates",
                "name",
                List.of(
                    "claims",
                    "lifetime",
                    "allowed_clock_skew",
                    "custom_signing_key",
                    "signing_algorithm"),
                jwtTemplates::list),
            Area.list("redirect_urls", "url", List.of(), redirectUrls::list),
            Area.list(
                "domains", "name", List.of("is_satellite", "proxy_url"), page -> domains.list()),
            Area.count("allowlist", () -> allowlist.list(PageRequest.first(1))),
            Area.count("blocklist", blocklist::list));
  }

  @Tool(name = "clerk_instances_compare", title = "Compare instances", effect = READ)
  @Description(
      "Compare the setup of two named instances: settings, roles, permissions, JWT templates,"
          + " redirect URLs, domains; and how long the sign-up lists are.")
  public JsonNode compare(
      @Arg("Name of an instance") String first, @Arg("Name of another instance") String second) {
    check(first, second);
    InstanceSnapshot one = InstanceSnapshot.read(first, areas);
    InstanceSnapshot other = InstanceSnapshot.read(second, areas);
    InstanceDiff differences = new InstanceDiff();
    ArrayNode notCompared = Json.array();
    for (Area area : areas) {
      ObjectNode ofFirst = one.found().get(area.name());
      ObjectNode ofSecond = other.found().get(area.name());
      if (ofFirst != null && ofSecond != null) {
        differences.add(area, ofFirst, ofSecond);
        continue;
      }
      for (InstanceSnapshot snapshot : List.of(one, other)) {
        ObjectNode reason = snapshot.missing().get(area.name());
        if (reason != null) {
          notCompared.add(reason);
        }
      }
    }
    ObjectNode answer = Json.object().put("first", first).put("second", second);
    differences.addTo(answer);
    if (!notCompared.isEmpty()) {
      answer.set("not_compared", notCompared);
    }
    return answer;
  }

  private static void check(String first, String second) {
    List<String> names = Invocation.current().instances();
    if (names.size() < 2) {
      throw new RefusedException(
          "one_instance_only",
          "This server is configured with one instance, and comparing takes two.",
          "A person can name several in a file, [{\"name\": \"staging\", \"key_file\": \"...\"},"
              + " ...], give its path as "
              + Setting.INSTANCES
              + " in place of "
              + Setting.SECRET_KEY
              + ", and restart the server.");
    }
    List<InvalidArgumentsException.Problem> problems = new ArrayList<>();
    checkName("first", first, names, problems);
    checkName("second", second, names, problems);
    if (problems.isEmpty() && first.equals(second)) {
      problems.add(new InvalidArgumentsException.Problem("second", "must differ from first"));
    }
    if (!problems.isEmpty()) {
      throw new InvalidArgumentsException(problems);
    }
  }

  private static void checkName(
      String argument,
      String name,
      List<String> names,
      List<InvalidArgumentsException.Problem> problems) {
    if (!names.contains(name)) {
      String all = String.join(", ", names);
      problems.add(
          new InvalidArgumentsException.Problem(
              argument, "is not the name of an instance; there are " + all));
    }
  }
}
