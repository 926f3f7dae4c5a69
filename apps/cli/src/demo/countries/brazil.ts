import { type Country, words } from "../Country.ts"

export const brazil: Country = {
  code: "BR",
  language: "pt-BR",
  currency: "BRL",
  timezone: "America/Sao_Paulo",
  company: "Ltda.",
  women: words(
    "Maria Ana Helena Alice Laura Manuela Júlia Heloísa Luiza Beatriz Fernanda Camila Juliana Letícia Gabriela Larissa Conceição Antônia Márcia Raíssa"
  ),
  men: words(
    "José João Antônio Miguel Arthur Gael Heitor Theo Davi Bernardo Pedro Lucas Rafael Gustavo Felipe Thiago Luís Marcos Vinícius Caio"
  ),
  families: words(
    "da_Silva dos_Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques Araújo Conceição Magalhães"
  ),
  streets: [
    "Rua das Flores, %",
    "Avenida Paulista, %#",
    "Rua XV de Novembro, %",
    "Avenida Atlântica, %#",
    "Rua São João, %",
    "Travessa do Comércio, %",
    "Rua Sete de Setembro, %"
  ],
  cities: [
    { city: "São Paulo", state: "SP", zipCode: "01###-###" },
    { city: "Rio de Janeiro", state: "RJ", zipCode: "20###-###" },
    { city: "Belo Horizonte", state: "MG", zipCode: "30###-###" },
    { city: "Salvador", state: "BA", zipCode: "40###-###", timezone: "America/Bahia" },
    { city: "Curitiba", state: "PR", zipCode: "80###-###" },
    { city: "Porto Alegre", state: "RS", zipCode: "90###-###" },
    { city: "Recife", state: "PE", zipCode: "50###-###", timezone: "America/Recife" },
    { city: "Manaus", state: "AM", zipCode: "69###-###", timezone: "America/Manaus" }
  ],
  phones: ["+55 11 95555-####", "+55 21 95555-####", "+55 31 2555-####", "+55 41 95555-####"]
}
