package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.interceptor.impact.RequestTarget;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Effect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which rule of a policy decides about a request. */
final class PolicyTest {
  private static final String OWNER =
      "{'id':'user_1','email_addresses':[{'email_address':'Ada@Example.com'},"
          + "{'email_address':'ada@mail.example.org','verification':null}],"
          + "'public_metadata':{'role':'owner','teams':['red','blue'],'level':3,'beta':true,"
          + "'billing':{'plan':'free'},'dotted.name':'x','deep':{'dotted.name':'y'}}}";
  private static final String PROVEN_OWNER =
      "{'id':'user_3','email_addresses':[{'email_address':'bob@example.com',"
          + "'verification':{'status':'verified'}},{'email_address':'b@example.com',"
          + "'verification':null,'reserved':true}],'public_metadata':{'role':'owner'}}";
  private static final String MEMBER =
      "{'id':'user_2','email_addresses':[{'email_address':'eve@elsewhere.net'}],"
          + "'public_metadata':{}}";
  private static final String ACME =
      "{'id':'org_123','slug':'acme','public_metadata':{'tier':'gold'}}";
  private static final String OTHER =
      "{'id':'org_456','slug':'other','public_metadata':{'tier':'tin'}}";

  private final Path folder;

  PolicyTest(@TempDir Path folder) {
    this.folder = folder;
  }

  // Tools and effects

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|clerk_user_ban|DESTROY|true",
        "{}|clerk_user_create|CREATE|true",
        "{}|clerk_user_get|READ|false",
        "{'effects':['read']}|clerk_user_get|READ|true",
        "{'effects':['read']}|clerk_user_ban|DESTROY|false",
        "{'effects':['create','update']}|clerk_user_update|UPDATE|true",
        "{'effects':['destroy']}|clerk_user_delete|IRREVERSIBLE|false",
        "{'effects':['irreversible']}|clerk_user_delete|IRREVERSIBLE|true",
        "{'effects':['irreversible']}|clerk_machine_secret_rotate|IRREVERSIBLE_EACH_TIME|true",
        "{'effects':['irreversible_each_time']}|clerk_user_delete|IRREVERSIBLE|false",
        "{'tools':['clerk_user_get']}|clerk_user_get|READ|true",
        "{'tools':['clerk_user_*']}|clerk_user_get|READ|true",
        "{'tools':['clerk_user_*']}|clerk_users_list|READ|false",
        "{'tools':['clerk_user_*','clerk_users_*']}|clerk_users_list|READ|true",
        "{'tools':['*_delete']}|clerk_user_delete|IRREVERSIBLE|true",
        "{'tools':['*']}|clerk_user_get|READ|true",
        "{'tools':['clerk_delete_user']}|clerk_user_delete|IRREVERSIBLE|true",
        "{'tools':['get_auth_*']}|clerk_user_get|READ|true",
        "{'tools':['clerk_user_*'],'effects':['update']}|clerk_user_update|UPDATE|true",
        "{'tools':['clerk_user_*'],'effects':['update']}|clerk_user_get|READ|false",
        "{'tools':['clerk_user_*'],'effects':['update']}|clerk_organization_update|UPDATE|false",
      })
  void ruleMatchesToolsAndEffects(String conditions, String tool, Effect effect, boolean matches)
      throws Exception {
    assertThat(decide(policy(rule("deny", conditions)), tool, effect))
        .isEqualTo(matches ? Rule.Action.DENY : Rule.Action.ALLOW);
  }

  @Test
  void ruleMatchesTheCallingTool() throws Exception {
    Policy policy = policy(rule("deny", "{'tools':['clerk_jwt_template_update']}"));
    Set<String> tools = Set.of("clerk_user_ban", "clerk_jwt_template_update");
    assertThat(
            policy.decide(new Policy.Request(tools, Effect.DESTROY, PolicyTest::unasked)).action())
        .isEqualTo(Rule.Action.DENY);
  }

  // Affected objects

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'organizations':['org_123']}|true",
        "{'organizations':['acme']}|true",
        "{'organizations':['org_9','acme']}|true",
        "{'organizations':['org_9','org_12','org_1234']}|false",
        "{'email_domains':['example.com']}|true",
        "{'email_domains':['EXAMPLE.com']}|true",
        "{'email_domains':['*.example.com']}|false",
        "{'email_domains':['example.org']}|false",
        "{'email_domains':['*.example.org']}|true",
        "{'email_domains':['*.ample.org','ample.com']}|false",
        "{'email_domains':['nowhere.net','mail.example.org']}|true",
        "{'public_metadata':{'role':'owner'}}|true",
        "{'public_metadata':{'role':'Owner'}}|false",
        "{'public_metadata':{'role':'owner','level':3.0}}|true",
        "{'public_metadata':{'role':'owner','level':4}}|false",
        "{'public_metadata':{'level':'3'}}|false",
        "{'public_metadata':{'beta':true}}|true",
        "{'public_metadata':{'beta':false}}|false",
        "{'public_metadata':{'teams':'blue'}}|true",
        "{'public_metadata':{'teams':'green'}}|false",
        "{'public_metadata':{'billing.plan':'free'}}|true",
        "{'public_metadata':{'billing':{'plan':'free'}}}|true",
        "{'public_metadata':{'billing':{'plan':'paid'}}}|false",
        "{'public_metadata':{'billing.plan.name':'free'}}|false",
        "{'public_metadata':{'dotted.name':'x','deep.dotted.name':'y'}}|true",
        "{'public_metadata':{'tier':'gold'}}|true",
        "{'public_metadata':{'role':'owner','tier':'gold'}}|false",
        "{'organizations':['acme'],'email_domains':['example.com']}|true",
        "{'organizations':['acme'],'email_domains':['nowhere.net']}|false",
      })
  void ruleMatchesAffectedObjects(String conditions, boolean matches) throws Exception {
    RequestTarget target = target(List.of(OWNER), List.of(ACME), List.of());
    assertThat(decide(policy(rule("deny", conditions)), target))
        .isEqualTo(matches ? Rule.Action.DENY : Rule.Action.ALLOW);
  }

  @ParameterizedTest
  @CsvSource({
    "new@example.com, true",
    "New@EXAMPLE.com, true",
    "\"a@example.com\"@elsewhere.net, false",
    "new@bücher.example, true",
    "new@xn--bcher-kva.example, true",
    "new@bucher.example, false",
    "example.com.evil.net, false",
  })
  void ruleMatchesDomainOfInvitedAddress(String address, boolean matches) throws Exception {
    RequestTarget target = target(List.of(), List.of(), List.of(address));
    String conditions = "{'email_domains':['example.com','BÜCHER.example']}";
    assertThat(decide(policy(rule("confirm", conditions)), target))
        .isEqualTo(matches ? Rule.Action.CONFIRM : Rule.Action.ALLOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'email_domains':['example.com']}",
        "{'public_metadata':{'role':'owner'}}",
        "{'organizations':['org_123']}",
      })
  void denyNeedsOneMatchAndAllowNeedsAll(String conditions) throws Exception {
    RequestTarget one =
        target(List.of(OWNER, MEMBER), List.of(ACME, OTHER), List.of("a@example.com"));
    RequestTarget none = target(List.of(MEMBER), List.of(OTHER), List.of("a@elsewhere.net"));
    Policy denying = policy(rule("deny", conditions));
    assertThat(decide(denying, one)).isEqualTo(Rule.Action.DENY);
    assertThat(decide(denying, none)).isEqualTo(Rule.Action.ALLOW);
    Policy confirming = policy(rule("confirm", conditions));
    assertThat(decide(confirming, one)).isEqualTo(Rule.Action.CONFIRM);
    Policy allowing = policy(rule("allow", conditions), rule("deny", "{}"));
    assertThat(decide(allowing, one)).isEqualTo(Rule.Action.DENY);
    RequestTarget all =
        conditions.contains("organizations")
            ? target(List.of(MEMBER), List.of(ACME, ACME), List.of())
            : target(List.of(PROVEN_OWNER), List.of(), List.of("b@example.com"));
    assertThat(decide(allowing, all)).isEqualTo(Rule.Action.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'organizations':['org_123']}",
        "{'email_domains':['example.com']}",
        "{'public_metadata':{'role':'owner'}}",
      })
  void conditionFailsWithoutAffectedObjects(String conditions) throws Exception {
    RequestTarget none = target(List.of(), List.of(), List.of());
    assertThat(decide(policy(rule("deny", conditions)), none)).isEqualTo(Rule.Action.ALLOW);
    assertThat(decide(policy(rule("allow", conditions), rule("deny", "{}")), none))
        .isEqualTo(Rule.Action.DENY);
  }

  // Unknown targets

  /** The reasons why a target is unknown. */
  enum Unknown {
    UNCLEAR,
    REFUSED,
    INCOMPLETE;

    RequestTarget target() {
      return switch (this) {
        case UNCLEAR ->
            new RequestTarget(null, false, List.of(json(MEMBER)), List.of(), List.of(), true, "");
        case REFUSED -> throw ClerkException.notFound("There is no such user.");
        case INCOMPLETE -> PolicyTest.target(List.of("{'id':'user_2'}"), List.of(), List.of());
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void unknownTargetIsDeniedOrConfirmedButNotAllowed(Unknown unknown) throws Exception {
    for (String conditions :
        List.of("{'email_domains':['example.com']}", "{'public_metadata':{'role':'owner'}}")) {
      assertThat(verdict(policy(rule("deny", conditions)), unknown::target))
          .isEqualTo(new Policy.Decision(Rule.Action.DENY, "rule 1", true));
      assertThat(verdict(policy(rule("confirm", conditions)), unknown::target))
          .isEqualTo(new Policy.Decision(Rule.Action.CONFIRM, "rule 1", true));
      assertThat(verdict(policy(rule("allow", conditions), rule("deny", "{}")), unknown::target))
          .isEqualTo(new Policy.Decision(Rule.Action.DENY, "rule 2", false));
    }
  }

  @Test
  void targetIsLookedUpOnceAndOnlyForRulesAboutIt() throws Exception {
    AtomicInteger lookUps = new AtomicInteger();
    Supplier<RequestTarget> lookUp =
        () -> {
          lookUps.incrementAndGet();
          throw ClerkException.notFound("There is no such user.");
        };
    String conditions = "{'organizations':['org_123']}";
    Policy policy =
        policy(
            rule("deny", "{'effects':['create'],'organizations':['org_123']}"),
            rule("allow", conditions),
            rule("allow", conditions));
    assertThat(policy.decide(new Policy.Request(Set.of("clerk_user_get"), Effect.READ, lookUp)))
        .isEqualTo(Policy.Decision.NONE);
    assertThat(lookUps).hasValue(0);
    assertThat(verdict(policy, lookUp)).isEqualTo(Policy.Decision.NONE);
    assertThat(lookUps).hasValue(1);
  }

  // The deciding rule

  @Test
  void firstRuleThatMatchesDecides() throws Exception {
    Policy policy =
        policy(
            "{'name':'owners are untouchable','decision':'deny','public_metadata':{'role':'owner'}}",
            "{'decision':'allow','organizations':['org_123'],'effects':['destroy']}",
            "{'name':'ask me','decision':'confirm'}");
    RequestTarget owner = target(List.of(OWNER), List.of(ACME), List.of());
    RequestTarget member = target(List.of(MEMBER), List.of(ACME), List.of());
    RequestTarget other = target(List.of(MEMBER), List.of(OTHER), List.of());
    assertThat(verdict(policy, () -> owner))
        .isEqualTo(new Policy.Decision(Rule.Action.DENY, "rule 1 (owners are untouchable)", false));
    assertThat(verdict(policy, () -> member))
        .isEqualTo(new Policy.Decision(Rule.Action.ALLOW, "rule 2", false));
    assertThat(verdict(policy, () -> other))
        .isEqualTo(new Policy.Decision(Rule.Action.CONFIRM, "rule 3 (ask me)", false));
  }

  @Test
  void withoutRuleEverythingIsAllowed() {
    for (Effect effect : Effect.values()) {
      Policy.Request question =
          new Policy.Request(Set.of("clerk_user_get"), effect, PolicyTest::unasked);
      assertThat(Policy.none().decide(question)).isEqualTo(Policy.Decision.NONE);
      assertThat(Policy.none().decideWhole("clerk_user_get", effect))
          .isEqualTo(Policy.Decision.NONE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "deny, ANY, rule 1",
    "allow-acme deny, ANY, ",
    "confirm-acme deny, ANY, ",
    "deny-acme deny, ANY, rule 2",
    "deny-acme confirm, ANY, rule 2",
    "confirm-acme confirm, ANY, rule 2",
    "allow-acme confirm, ANY, ",
    "deny-acme, ANY, ",
    "deny, READ, ",
  })
  void toolIsDecidedAsWholeUnlessTargetsCouldRelaxIt(String decisions, String effect, String rule)
      throws Exception {
    List<String> rules = new ArrayList<>();
    for (String decision : decisions.split(" ", -1)) {
      boolean acme = decision.endsWith("-acme");
      rules.add(rule(decision.replace("-acme", ""), acme ? "{'organizations':['org_123']}" : "{}"));
    }
    Effect judged = effect.equals("READ") ? Effect.READ : Effect.DESTROY;
    Policy.Decision verdict =
        policy(rules.toArray(String[]::new)).decideWhole("clerk_user_ban", judged);
    assertThat(verdict.rule()).isEqualTo(rule);
  }

  private static Rule.Action decide(Policy policy, String tool, Effect effect) {
    return policy.decide(new Policy.Request(Set.of(tool), effect, PolicyTest::unasked)).action();
  }

  private static Rule.Action decide(Policy policy, RequestTarget target) {
    return verdict(policy, () -> target).action();
  }

  private static Policy.Decision verdict(Policy policy, Supplier<RequestTarget> target) {
    return policy.decide(new Policy.Request(Set.of("clerk_user_ban"), Effect.DESTROY, target));
  }

  private static RequestTarget unasked() {
    throw new AssertionError("No rule is about targets");
  }

  private static RequestTarget target(
      List<String> users, List<String> organizations, List<String> addresses) {
    return new RequestTarget(
        null,
        false,
        users.stream().map(PolicyTest::json).toList(),
        organizations.stream().map(PolicyTest::json).toList(),
        addresses,
        false,
        "someone");
  }

  private static String rule(String decision, String conditions) {
    String members = conditions.substring(1);
    return "{'decision':'%s'%s%s"
        .formatted(decision.toLowerCase(Locale.ROOT), members.equals("}") ? "" : ",", members);
  }

  private Policy policy(String... rules) throws Exception {
    return parse("{'rules':[" + String.join(",", rules) + "]}");
  }

  private Policy parse(String text) throws Exception {
    return PolicyFixture.parse(folder, text);
  }

  private static JsonNode json(String text) {
    try {
      return Json.read(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
