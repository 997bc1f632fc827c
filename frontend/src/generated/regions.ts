// Generated from inference/anatomy/regions.py; do not edit by hand.

export const REGIONS = [
  { id: "radius", type: "radius", ray: null, index: 0, nameEn: "distal radius", nameZh: "桡骨远端" },
  { id: "ulna", type: "ulna", ray: null, index: 1, nameEn: "distal ulna", nameZh: "尺骨远端" },
  { id: "carpals", type: "carpals", ray: null, index: 2, nameEn: "carpals", nameZh: "腕骨" },
  { id: "mc2", type: "metacarpal", ray: 2, index: 3, nameEn: "distal metacarpal II", nameZh: "掌骨远端 II" },
  { id: "mc3", type: "metacarpal", ray: 3, index: 4, nameEn: "distal metacarpal III", nameZh: "掌骨远端 III" },
  { id: "mc4", type: "metacarpal", ray: 4, index: 5, nameEn: "distal metacarpal IV", nameZh: "掌骨远端 IV" },
  { id: "mc5", type: "metacarpal", ray: 5, index: 6, nameEn: "distal metacarpal V", nameZh: "掌骨远端 V" },
  { id: "pp1", type: "proximal_phalanx", ray: 1, index: 7, nameEn: "proximal phalanx, base I", nameZh: "近节指骨近端 I" },
  { id: "pp2", type: "proximal_phalanx", ray: 2, index: 8, nameEn: "proximal phalanx, base II", nameZh: "近节指骨近端 II" },
  { id: "pp3", type: "proximal_phalanx", ray: 3, index: 9, nameEn: "proximal phalanx, base III", nameZh: "近节指骨近端 III" },
  { id: "pp4", type: "proximal_phalanx", ray: 4, index: 10, nameEn: "proximal phalanx, base IV", nameZh: "近节指骨近端 IV" },
  { id: "pp5", type: "proximal_phalanx", ray: 5, index: 11, nameEn: "proximal phalanx, base V", nameZh: "近节指骨近端 V" },
  { id: "dp1", type: "distal_phalanx", ray: 1, index: 12, nameEn: "distal phalanx, base I", nameZh: "远节指骨近端 I" },
  { id: "dp2", type: "distal_phalanx", ray: 2, index: 13, nameEn: "distal phalanx, base II", nameZh: "远节指骨近端 II" },
  { id: "dp3", type: "distal_phalanx", ray: 3, index: 14, nameEn: "distal phalanx, base III", nameZh: "远节指骨近端 III" },
  { id: "dp4", type: "distal_phalanx", ray: 4, index: 15, nameEn: "distal phalanx, base IV", nameZh: "远节指骨近端 IV" },
  { id: "dp5", type: "distal_phalanx", ray: 5, index: 16, nameEn: "distal phalanx, base V", nameZh: "远节指骨近端 V" },
] as const;
