// The official MJML, strict: reads {name: mjml} from stdin, writes {name: [fault, ...]}.
import mjml2html from "mjml";
import { text } from "node:stream/consumers";

const answers = {};
for (const [name, source] of Object.entries(JSON.parse(await text(process.stdin)))) {
  try {
    const { errors } = await mjml2html(source, { validationLevel: "soft", fonts: {} });
    answers[name] = errors.map((error) => error.formattedMessage);
  } catch (error) {
    answers[name] = [`${error.message}`];
  }
}
process.stdout.write(JSON.stringify(answers));
