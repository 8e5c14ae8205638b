import { vocabularyOf } from "../../src/lib/vocabulary.ts";

const KINDS = ["cg:Activity", "cg:Organisation", "cg:Participation", "cg:State", "cg:Agent", "https://w3id.org/crmgraph/ontology/status"];
const [ACTIVITY, ORGANISATION, PARTICIPATION, STATE, AGENT, STATUS] = KINDS.map((_, place) => place) as [number, number, number, number, number, number];

/** A little of what the server says that queries can name. */
export const vocabulary = vocabularyOf({
  prefixes: {
    cg: "https://w3id.org/crmgraph/ontology#",
    dcterms: "http://purl.org/dc/terms/",
    id: "https://w3id.org/crmgraph/id/",
    rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    rdfs: "http://www.w3.org/2000/01/rdf-schema#",
    status: "https://w3id.org/crmgraph/ontology/status#",
  },
  kinds: KINDS,
  classes: [
    ["cg:Activity", "Actividad", 41],
    ["cg:Organisation", "Organización", 42],
    ["cg:State", "Estado", 208],
  ],
  properties: [
    ["cg:agent", "agente", 826, [PARTICIPATION], [ORGANISATION, STATE, AGENT]],
    ["cg:status", "estado de avance", 41, [ACTIVITY], [STATUS]],
    ["cg:participation", "participación", 109, [ACTIVITY], [PARTICIPATION]],
    ["dcterms:isPartOf", "es parte de", 241, [ACTIVITY], []],
    ["rdf:type", "es", 14129, [ACTIVITY, ORGANISATION, STATE], []],
    ["rdfs:subClassOf", "subclase de", 51, [], []],
  ],
  things: [
    ["id:actor/acnur", "Alto Comisionado de las Naciones Unidas para los Refugiados", [ORGANISATION], ["ACNUR", "UNHCR"]],
    ["id:actor/oim", "Organización Internacional para las Migraciones", [ORGANISATION], ["IOM", "OIM", "ONU Migración"]],
    ["id:country/MEX", "México", [STATE], ["Estados Unidos Mexicanos"]],
    ["id:plan/crm/pgm/7.1.1", "Retorno digno", [ACTIVITY], []],
    ["status:pending", "Pendiente", [STATUS], []],
    ["status:done", "Realizado", [STATUS], []],
    ["id:instrument/iom-statutes", "Estatutos", [], []],
  ],
  graphs: [["graph:inferred", "Afirmaciones inferidas"]],
});
