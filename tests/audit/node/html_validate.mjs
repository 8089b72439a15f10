// html-validate: reads {config, pages: {name: html}} from stdin, writes {name: [fault, ...]}.
import { HtmlValidate, StaticConfigLoader } from "html-validate";
import { text } from "node:stream/consumers";

const { config, pages } = JSON.parse(await text(process.stdin));
const validator = new HtmlValidate(new StaticConfigLoader({ root: true, ...config }));
const answers = {};
for (const [name, html] of Object.entries(pages)) {
  const report = await validator.validateString(html);
  answers[name] = report.results.flatMap((result) =>
    result.messages.map((found) => `line ${found.line}: ${found.ruleId}: ${found.message}`),
  );
}
process.stdout.write(JSON.stringify(answers));
