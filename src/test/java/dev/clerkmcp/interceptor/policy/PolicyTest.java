package dev.clerkmcp.interceptor.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clerkmcp.clerk.ClerkException;
import dev.clerkmcp.json.Json;
import dev.clerkmcp.registry.Effect;
import dev.clerkmcp.registry.OperationFacts.Risk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
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
  private static final String MEMBER = user("user_2", "eve@elsewhere.net", true, "{}");
  private static final String TESTER = user("user_3", "tom@example.com", true, "{}");
  private static final String PROVEN_OWNER =
      "{'id':'user_3','email_addresses':[{'email_address':'bob@example.com',"
          + "'verification':{'status':'verified'}},{'email_address':'b@example.com',"
          + "'verification':null,'reserved':true}],'public_metadata':{'role':'owner'}}";
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
    assertThat(policy.decide(request(tools, Effect.DESTROY, PolicyTest::unasked)).action())
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
    List<Subject> target = target(List.of(OWNER), List.of(ACME), List.of());
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
    List<Subject> target = target(List.of(), List.of(), List.of(address));
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
    List<Subject> one =
        target(List.of(OWNER, MEMBER), List.of(ACME, OTHER), List.of("a@example.com"));
    List<Subject> none = target(List.of(MEMBER), List.of(OTHER), List.of("a@elsewhere.net"));
    Policy denying = policy(rule("deny", conditions));
    assertThat(decide(denying, one)).isEqualTo(Rule.Action.DENY);
    assertThat(decide(denying, none)).isEqualTo(Rule.Action.ALLOW);
    Policy confirming = policy(rule("confirm", conditions));
    assertThat(decide(confirming, one)).isEqualTo(Rule.Action.CONFIRM);
    Policy allowing = policy(rule("allow", conditions), rule("deny", "{}"));
    assertThat(decide(allowing, one)).isEqualTo(Rule.Action.DENY);
    List<Subject> all =
        conditions.contains("organizations")
            ? target(List.of(MEMBER), List.of(ACME, ACME), List.of())
            : conditions.contains("email_domains")
                ? target(List.of(TESTER, PROVEN_OWNER), List.of(), List.of("b@example.com"))
                : target(List.of(OWNER, OWNER), List.of(), List.of());
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
    List<Subject> none = target(List.of(), List.of(), List.of());
    assertThat(decide(policy(rule("deny", conditions)), none)).isEqualTo(Rule.Action.ALLOW);
    assertThat(decide(policy(rule("allow", conditions), rule("deny", "{}")), none))
        .isEqualTo(Rule.Action.DENY);
  }

  // Person by person

  /** Two people who are each allowed by another rule are allowed together. */
  @Test
  void peopleAreJudgedOneByOne() throws Exception {
    Policy policy =
        policy(
            rule("allow", "{'email_domains':['example.com']}"),
            rule("allow", "{'public_metadata':{'role':'owner'}}"),
            rule("deny", "{}"));
    assertThat(decide(policy, target(List.of(TESTER, OWNER), List.of(), List.of())))
        .isEqualTo(Rule.Action.ALLOW);
    assertThat(decide(policy, target(List.of(TESTER, OWNER, MEMBER), List.of(), List.of())))
        .isEqualTo(Rule.Action.DENY);
  }

  @Test
  void conditionsDoNotHoldForTwoPeopleTogether() throws Exception {
    Policy policy =
        policy(
            rule("deny", "{'email_domains':['elsewhere.net'],'public_metadata':{'role':'owner'}}"));
    assertThat(decide(policy, target(List.of(OWNER, MEMBER), List.of(), List.of())))
        .isEqualTo(Rule.Action.ALLOW);
    String eve = user("user_4", "e@elsewhere.net", false, "{'role':'owner'}");
    assertThat(decide(policy, target(List.of(MEMBER, eve), List.of(), List.of())))
        .isEqualTo(Rule.Action.DENY);
  }

  /** Anyone can add another person's address to their own account, but not verify it. */
  @Test
  void domainIsAllowedOnlyIfEveryAddressIsVerifiedAndInIt() throws Exception {
    Policy policy = policy(rule("allow", "{'email_domains':['test.example']}"), rule("deny", "{}"));
    String proven = user("user_5", "a@test.example", true, "{}");
    String claimed = user("user_6", "b@test.example", false, "{}");
    assertThat(decide(policy, target(List.of(proven), List.of(), List.of())))
        .isEqualTo(Rule.Action.ALLOW);
    assertThat(decide(policy, target(List.of(claimed), List.of(), List.of())))
        .isEqualTo(Rule.Action.DENY);
    assertThat(decide(policy, List.of(Subject.of(json(proven), List.of("a@other.example")))))
        .isEqualTo(Rule.Action.DENY);
    assertThat(decide(policy, target(List.of("{'email_addresses':[]}"), List.of(), List.of())))
        .isEqualTo(Rule.Action.DENY);
  }

  // Risks

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "['sign_out'] | DENY",
        "['privilege','sign_out'] | DENY",
        "['privilege'] | ALLOW",
      })
  void ruleMatchesRisks(String risks, Rule.Action action) throws Exception {
    assertThat(decide(policy(rule("deny", "{'risks':%s}".formatted(risks))), List.of()))
        .isEqualTo(action);
  }

  @Test
  void risksAreAssessedOnlyForRulesAboutThem() throws Exception {
    Policy policy =
        policy(rule("deny", "{'tools':['clerk_user_get'],'risks':['mass']}"), rule("deny", "{}"));
    Policy.Request request =
        new Policy.Request(
            Set.of("clerk_user_ban"),
            Effect.DESTROY,
            () -> {
              throw new AssertionError("No rule is about risks");
            },
            PolicyTest::unasked);
    assertThat(policy.decide(request).rule()).isEqualTo("rule 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "proceed-sign_out | PROCEED | SIGN_OUT | rule 1",
        "proceed-mass | ALLOW | `` | ``",
        "proceed-sign_out confirm | CONFIRM | SIGN_OUT | rule 2",
        "proceed-sign_out deny | DENY | SIGN_OUT | rule 2",
        "proceed-sign_out allow deny | ALLOW | SIGN_OUT | rule 2",
        "allow proceed-sign_out | ALLOW | `` | rule 1",
        "proceed-mass proceed-sign_out | PROCEED | SIGN_OUT | rule 2",
      })
  void proceedLiftsQuestionsUnlessALaterRuleIsStricter(
      String decisions, Rule.Action action, String lifted, String rule) throws Exception {
    List<String> rules = new ArrayList<>();
    for (String decision : decisions.split(" ", -1)) {
      String[] parts = decision.split("-", -1);
      rules.add(rule(parts[0], parts.length == 1 ? "{}" : "{'risks':['%s']}".formatted(parts[1])));
    }
    Policy.Decision decision = verdict(policy(rules.toArray(String[]::new)), () -> List.of());
    assertThat(decision.action()).isEqualTo(action);
    assertThat(decision.lifted().stream().map(Risk::name).toList()).isEqualTo(words(lifted));
    assertThat(decision.rule()).isEqualTo(rule.isEmpty() ? null : rule);
  }

  @Test
  void questionIsLiftedOnlyIfItIsForEveryone() throws Exception {
    Policy policy =
        policy(rule("proceed", "{'risks':['sign_out'],'email_domains':['example.com']}"));
    assertThat(verdict(policy, () -> target(List.of(TESTER), List.of(), List.of())).lifted())
        .containsExactly(Risk.SIGN_OUT);
    assertThat(verdict(policy, () -> target(List.of(TESTER, MEMBER), List.of(), List.of())))
        .isEqualTo(Policy.Decision.NONE);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text);
  }

  // Unknown targets

  /** The reasons why a target is unknown. */
  enum Unknown {
    UNCLEAR,
    REFUSED,
    INCOMPLETE;

    List<Subject> target() {
      return switch (this) {
        case UNCLEAR -> List.of(Subject.of(json(MEMBER), List.of()), Subject.UNKNOWN);
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
    Supplier<List<Subject>> lookUp =
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
    assertThat(policy.decide(request(Set.of("clerk_user_get"), Effect.READ, lookUp)))
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
    List<Subject> owner = target(List.of(OWNER), List.of(ACME), List.of());
    List<Subject> member = target(List.of(MEMBER), List.of(ACME), List.of());
    List<Subject> other = target(List.of(MEMBER), List.of(OTHER), List.of());
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
      Policy.Request question = request(Set.of("clerk_user_get"), effect, PolicyTest::unasked);
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
    return policy.decide(request(Set.of(tool), effect, PolicyTest::unasked)).action();
  }

  private static Rule.Action decide(Policy policy, List<Subject> target) {
    return verdict(policy, () -> target).action();
  }

  private static Policy.Decision verdict(Policy policy, Supplier<List<Subject>> target) {
    return policy.decide(request(Set.of("clerk_user_ban"), Effect.DESTROY, target));
  }

  private static Policy.Request request(
      Set<String> tools, Effect effect, Supplier<List<Subject>> target) {
    return new Policy.Request(tools, effect, () -> EnumSet.of(Risk.SIGN_OUT), target);
  }

  private static List<Subject> unasked() {
    throw new AssertionError("No rule is about targets");
  }

  private static List<Subject> target(
      List<String> users, List<String> organizations, List<String> addresses) {
    List<Subject> people = new ArrayList<>();
    users.forEach(user -> people.add(Subject.of(json(user), List.of())));
    addresses.forEach(address -> people.add(Subject.of(address)));
    return Subject.each(people, organizations.stream().map(PolicyTest::json).toList());
  }

  private static String user(String id, String address, boolean verified, String metadata) {
    return "{'id':'%s','email_addresses':[{'email_address':'%s','verification':{'status':'%s'}}],"
            .formatted(id, address, verified ? "verified" : "unverified")
        + "'public_metadata':%s}".formatted(metadata);
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
